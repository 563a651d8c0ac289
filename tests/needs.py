"""Programs that tests need besides Python's packages; a test without them fails and says what to install."""

import shutil

import pytest

PACKAGES = {
    "chromium": "chromium",
    "sipp": "sip-tester",
    "espeak-ng": "espeak-ng",
    "systemd-analyze": "systemd",
}


def needs(program: str) -> str:
    """The program's path; never a skip: what was not tested must not look green."""
    found = shutil.which(program)
    if found is None:
        package = PACKAGES.get(program, program)
        pytest.fail(f"This test needs {program}: run tests/system_packages.sh or apt-get install {package}.", False)
    return found
