"""Presses keys as RFC 4733 packets from a plain socket: python rtp_keys.py ADDRESS PORT KEYS FILE.

Written from the RFC, apart from both SIP stacks. FILE gets the monotonic time before
each key's first packet, one a line. SIPp's own play_pcap_audio needs root for its raw socket; this does not.
"""

import random
import socket
import struct
import sys
import time

EVENTS = {key: code for code, key in enumerate("0123456789*#ABCD")}
PACKET_S = 0.02
PRESS_PACKETS = 6
END_PACKETS = 3  # the end is sent three times (RFC 4733 §2.5.1.4)
GAP_S = 0.4
PAYLOAD_TYPE = 101
SAMPLES = 160


def press(sock: socket.socket, event: int, sequence: int, stamp: int, source: int) -> int:
    """Send one key; returns the next sequence number."""
    for step in range(PRESS_PACKETS + END_PACKETS):
        end = step >= PRESS_PACKETS
        duration = SAMPLES * min(step + 1, PRESS_PACKETS)
        marker = 0x80 if step == 0 else 0
        header = struct.pack("!BBHII", 0x80, marker | PAYLOAD_TYPE, sequence & 0xFFFF, stamp, source)
        sock.send(header + struct.pack("!BBH", event, (0x80 if end else 0) | 10, duration))
        sequence += 1
        time.sleep(PACKET_S)
    return sequence


def main(address: str, port: str, keys: str, told: str) -> None:
    """Press all keys."""
    sequence, stamp, source = random.randrange(1000), random.randrange(1 << 20), random.randrange(1 << 32)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, open(told, "w") as out:
        sock.connect((address, int(port)))
        for key in keys:
            out.write(f"{time.monotonic()}\n")
            out.flush()
            sequence = press(sock, EVENTS[key], sequence, stamp, source)
            stamp += SAMPLES * 40
            time.sleep(GAP_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
