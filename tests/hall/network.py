"""A wire between two network devices with delay and loss, seeded, that keeps what it carries.

Linux has netem for this, but not every kernel is built with it; this needs nothing but a packet socket.

    network.py whole DEVICE                                     have the kernel finish each packet's checksum
    network.py wire DEVICE DEVICE DELAY_MS JITTER_MS LOSS_PERCENT SEED CAPTURE [apart]

With `apart` it carries only what goes to everyone, as a guest network does that keeps its guests apart.
"""

import array
import fcntl
import heapq
import random
import select
import socket
import struct
import sys
import time

SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, SRXCSUM, STSO, SGSO, SGRO: left to the device, a checksum would never be filled in on the way.
OFFLOADS = (0x17, 0x15, 0x1F, 0x24, 0x2C)
EVERY_PROTOCOL = 3


def whole(device):
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for offload in OFFLOADS:
        value = array.array("B", struct.pack("II", offload, 0))
        request = struct.pack("16sP16x", device.encode(), value.buffer_info()[0])
        try:
            fcntl.ioctl(control, SIOCETHTOOL, request)
        except OSError:
            pass  # A device that has none needs none switched off.


def opened(device):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL))
    end.bind((device, EVERY_PROTOCOL))
    end.setblocking(False)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    return end


def wire(ends, delay, jitter, loss, chance, capture, apart):
    ends = [opened(end) for end in ends]
    under_way, count = [], 0
    print("carrying", flush=True)
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else 1
        for end in select.select(ends, [], [], wait)[0]:
            while True:
                try:
                    packet, address = end.recvfrom(70000)
                except BlockingIOError:
                    break
                if address[2] == socket.PACKET_OUTGOING:
                    continue
                capture.write(packet)
                to_everyone = packet[0] & 1
                if (apart and not to_everyone) or chance.random() * 100 < loss:
                    continue
                count += 1
                due = time.monotonic() + max(0, chance.gauss(delay, jitter)) / 1000
                heapq.heappush(under_way, (due, count, 1 - ends.index(end), packet))
        while under_way and under_way[0][0] <= time.monotonic():
            _, _, to, packet = heapq.heappop(under_way)
            try:
                ends[to].send(packet)
            except OSError:
                pass  # The cable is out.
        capture.flush()


def main(words):
    if words[0] == "whole":
        whole(words[1])
    else:
        delay, jitter, loss = map(float, words[3:6])
        with open(words[7], "ab") as capture:
            wire(words[1:3], delay, jitter, loss, random.Random(int(words[6])), capture, words[8:] == ["apart"])


main(sys.argv[1:])
