"""Records what the robot says, where a text is new or has changed."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from medet.phone import rendering
from medet.phone.rendering import FOLDER, LANGUAGES, CannotRender, Manifest


class Command(BaseCommand):
    """manage.py render_prompts [--check | --adopt | --all]"""

    help = "Records new and changed prompts with espeak-ng, and drops recordings without a text."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Three switches, one at a time."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="only name recordings that do not hold their words")
        what.add_argument("--adopt", action="store_true", help="take the files that lie there as the recordings")
        what.add_argument("--all", action="store_true", help="record everything anew")

    def handle(self, *, check: bool, adopt: bool, all: bool, **options: object) -> None:
        """Ends with 1 when a prompt is left without a right recording."""
        said = rendering.texts()
        faults = list(rendering.stale(said))
        if check:
            self._report(faults)
            return
        wanted = (
            [(language, key) for key in said for language in LANGUAGES] if all or adopt else [f[:2] for f in faults]
        )
        manifest = rendering.read_manifest()
        for language, key in wanted:
            self._record(manifest, language, key, said[key][language], adopt=adopt)
        self._drop(manifest, set(said))
        rendering.write_manifest(manifest)
        self.stdout.write(f"{len(wanted)} recordings")

    def _report(self, faults: list[tuple[str, str, str]]) -> None:
        if faults:
            lines = [f"{language}/{key}: {why}" for language, key, why in faults]
            raise CommandError("\n".join([*lines, f"{len(faults)} prompts need a recording: manage.py render_prompts"]))

    def _record(self, manifest: Manifest, language: str, key: str, text: str, *, adopt: bool) -> None:
        path = FOLDER / language / f"{key}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            data = path.read_bytes() if adopt else rendering.wav(rendering.speak(text, language))
        except (CannotRender, OSError) as error:
            raise CommandError(f"{language}/{key}: {error}") from error
        path.write_bytes(data)
        source = "recorded" if adopt else "espeak-ng"
        manifest.setdefault(language, {})[key] = rendering.row(data, text, source)

    def _drop(self, manifest: Manifest, keys: set[str]) -> None:
        """Recordings whose text is gone."""
        for language in LANGUAGES:
            for key in set(manifest.get(language, {})) - keys:
                del manifest[language][key]
                (FOLDER / language / f"{key}.wav").unlink(missing_ok=True)
