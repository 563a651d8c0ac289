"""The systemd unit of an installation, written for this checkout: one service that runs `serve` as a plain user."""

import os
import pwd
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from medet.supervisor.folders import CHECKOUT, data_folder
from medet.supervisor.trouble import Trouble

SYSTEM = Path("/etc/systemd/system")
SERVES = "-m medet.supervisor serve"
UNIT = """\
# Made by `python -m medet.supervisor units`. Install: copy to /etc/systemd/system, then
#   systemctl daemon-reload && systemctl enable --now medet
[Unit]
Description=Medet, telemedicine
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
WorkingDirectory={checkout}
Environment=MEDET_DATA={data} MEDET_UNIT=1
# Your settings (docs/operating.md), one NAME=value a line; the file may be missing.
EnvironmentFile=-/etc/medet.env
ExecStart={python} {serves}
Restart=always
RestartSec=5
KillSignal=SIGTERM
# Only the supervisor is told to end: it ends its children in their order.
KillMode=mixed
TimeoutStopSec=120
# The telephone process goes before the others, or its voice breaks on a full machine.
LimitNICE=-3
# Hardening
NoNewPrivileges=yes
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
ProtectSystem=strict
ReadWritePaths={data}
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077

[Install]
WantedBy=multi-user.target
"""


def unit(env: Mapping[str, str], *, user: str) -> str:
    """The text; refused for root, which PostgreSQL would refuse later anyway."""
    if user == "root":
        raise Trouble("Medet does not run as root: make a user, for instance `useradd --system medet`, and name it.")
    try:
        pwd.getpwnam(user)
    except KeyError as missing:
        raise Trouble(f"There is no user {user} on this machine: make it first.") from missing
    data = data_folder(env).resolve()
    at_home = any(str(path).startswith(("/home/", "/root/")) for path in (data, CHECKOUT, Path(sys.executable)))
    low = int(env.get("MEDET_WEB_PORT", "8000")) < 1024
    return UNIT.format(
        user=user,
        checkout=CHECKOUT,
        data=data,
        python=sys.executable,
        serves=SERVES,
        home="read-only" if at_home else "yes",
        capabilities="CAP_NET_BIND_SERVICE" if low else "",
    )


def settings(folder: Path = SYSTEM) -> dict[str, str]:
    """The data folder that this checkout's installed service names: the shell beside it does not know it."""
    found = set()
    for path in folder.glob("*.service"):
        lines = path.read_text("utf-8", "replace").splitlines() if os.access(path, os.R_OK) else []
        ours = f"WorkingDirectory={CHECKOUT}" in lines and any(line.endswith(SERVES) for line in lines)
        found |= {word for line in lines if ours for word in _words(line) if word.startswith("MEDET_DATA=")}
    if len(found) > 1:
        raise Trouble(f"Several services run from {CHECKOUT}: set MEDET_DATA to the data folder of the one you mean.")
    return dict(word.split("=", 1) for word in found)


def _words(line: str) -> list[str]:
    name, _equals, value = line.partition("=")
    return shlex.split(value) if name == "Environment" else []
