"""What a machine says that lacks a program which tests need: one line, the package by name, and no test is skipped."""

import shutil
import subprocess
from pathlib import Path

import pytest

from medet.supervisor.folders import CHECKOUT
from tests.needs import PACKAGES, needs

SCRIPT = CHECKOUT / "tests" / "system_packages.sh"
LINE = "Some tests need packages that are missing here: "


def machine(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """The script on a machine with these programs, besides the few it cannot do without."""
    for name in ("bash", "id"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, text in programs.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    env = {"PATH": str(folder)}
    return subprocess.run([SCRIPT], env=env, capture_output=True, text=True, check=False)


def test_a_machine_without_apt_says_what_to_install_in_one_line(tmp_path: Path) -> None:
    done = machine(tmp_path)
    assert done.returncode == 0, "all other tests are run"
    assert done.stdout == ""
    assert done.stderr.startswith(LINE)
    assert done.stderr.count("\n") == 1
    assert all(package in done.stderr for package in PACKAGES.values())


def test_only_what_is_missing_is_named(tmp_path: Path) -> None:
    done = machine(tmp_path, sipp="exit 0", espeak_ng="exit 0", systemd_analyze="exit 0")
    assert done.stderr.startswith(LINE)
    assert done.stderr.split()[-1] == "chromium"


def test_a_machine_that_has_all_says_nothing(tmp_path: Path) -> None:
    done = machine(tmp_path, chromium="exit 0", sipp="exit 0", espeak_ng="exit 0", systemd_analyze="exit 0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_apt_that_cannot_is_no_end(tmp_path: Path) -> None:
    """By root or by a user who may: `sudo -n` is there then."""
    done = machine(tmp_path, sudo='[ "$2" = true ] || { shift; exec "$@"; }', apt_get="exit 100", env='exec "$@"')
    assert done.returncode == 0
    assert done.stdout == f"Installing system packages for the tests: {' '.join(PACKAGES.values())}\n"
    assert done.stderr == "apt could not install them; the tests that need them will say so.\n"


@pytest.mark.parametrize(("program", "package"), PACKAGES.items())
def test_a_test_without_its_program_fails_by_name(
    program: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match=f"needs {program}: run .* or apt-get install {package}"):
        needs(program)


def test_what_the_makefile_cannot_say_itself_the_readme_says() -> None:
    """Without make there is nobody to print a line."""
    assert "apt-get install python3-venv make" in (CHECKOUT / "README.md").read_text("utf-8")
