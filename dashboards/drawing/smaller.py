"""Writes a PNG of a browser again with a palette of 256 colours: a third of the size, and nobody sees it.

usage: smaller.py PICTURE.png    (true colour, 8 bits, not interlaced; replaced in place)
"""
import struct
import sys
import zlib
from collections import Counter


def chunks(data):
    at = 8
    while at < len(data):
        length, = struct.unpack(">I", data[at:at + 4])
        yield data[at + 4:at + 8], data[at + 8:at + 8 + length]
        at += 12 + length


def lines_of(raw, height, stride, step):
    """The lines with PNG's filters undone."""
    above = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1:start + 1 + stride])
        if kind == 1:
            for i in range(step, stride):
                line[i] = (line[i] + line[i - step]) & 255
        elif kind == 2:
            for i in range(stride):
                line[i] = (line[i] + above[i]) & 255
        elif kind == 3:
            for i in range(stride):
                line[i] = (line[i] + ((line[i - step] if i >= step else 0) + above[i]) // 2) & 255
        elif kind == 4:
            for i in range(stride):
                a, b, c = (line[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
                pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
                line[i] = (line[i] + (a if pa <= pb and pa <= pc else b if pb <= pc else c)) & 255
        yield line
        above = line


def main():
    path = sys.argv[1]
    with open(path, "rb") as file:
        data = file.read()
    parts = list(chunks(data))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[0][1])
    if depth != 8 or kind not in (2, 6) or interlaced:
        sys.exit("%s: not a PNG as browsers write it" % path)
    step = 3 if kind == 2 else 4
    raw = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    lines = [[bytes(line[i:i + 3]) for i in range(0, width * step, step)] for line in lines_of(raw, height, width * step, step)]
    counts = Counter(color for line in lines for color in line)
    # Vivid colours mean something, however few their pixels are.
    palette = sorted(counts, key=lambda color: -counts[color] * (1 + (max(color) - min(color)) ** 2 // 32))[:256]
    number = {color: at for at, color in enumerate(palette)}
    for color in counts:
        if color not in number:
            number[color] = min(range(len(palette)), key=lambda at: sum((x - y) ** 2 for x, y in zip(color, palette[at])))
    packed = zlib.compress(b"".join(b"\0" + bytes(map(number.__getitem__, line)) for line in lines), 9)
    with open(path, "wb") as file:
        file.write(data[:8])
        for name, body in ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)), (b"PLTE", b"".join(palette)),
                           (b"IDAT", packed), (b"IEND", b"")):
            file.write(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))


main()
