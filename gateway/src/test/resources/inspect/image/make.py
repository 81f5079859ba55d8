"""Makes the pictures in this directory. Needs Pillow 11 or newer: python3 make.py

Each is small, honest and made by a well-known encoder; the defects are planted by the tests. The file names begin with
WIDTHxHEIGHT, then frames and bits per pixel, then what is special: 24x16-1-24-progressive.jpg.
"""

import struct
import zlib
from pathlib import Path

from PIL import Image, ImageCms, TiffImagePlugin
from PIL.ExifTags import GPS, Base
from PIL.PngImagePlugin import PngInfo

HERE = Path(__file__).parent
WIDTH, HEIGHT = 24, 16


def picture(mode="RGB", shift=0, size=(WIDTH, HEIGHT)):
    image = Image.new("RGB", size)
    for x in range(size[0]):
        for y in range(size[1]):
            image.putpixel((x, y), ((x * 10 + shift) % 256, (y * 15) % 256, (x * y + shift) % 256))
    return image if mode == "RGB" else image.convert(mode)


def exif(orientation=6):
    data = Image.Exif()
    data[Base.Orientation.value] = orientation
    data[Base.Make.value] = "Example"
    data[Base.DateTime.value] = "2026:01:02 03:04:05"
    data.get_ifd(0x8825).update({
        GPS.GPSLatitudeRef.value: "N", GPS.GPSLatitude.value: (52.0, 31.0, 12.0),
        GPS.GPSLongitudeRef.value: "E", GPS.GPSLongitude.value: (13.0, 24.0, 18.0)})
    data.get_ifd(0x8769)[Base.UserComment.value] = b"ASCII\0\0\0somebody's garden"
    return data


XMP = (b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
       b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
       b'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
       b'garden &lt;script&gt; &amp; more</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>\n'
       b'<?xpacket end="w"?>')
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def segment(marker, payload):
    return struct.pack(">BBH", 0xff, marker, len(payload) + 2) + payload


def behind_start(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def path(frames, bits, name, size=(WIDTH, HEIGHT)):
    return HERE / f"{size[0]}x{size[1]}-{frames}-{bits}-{name}"


def png():
    picture().save(path(1, 24, "rgb.png"))
    picture("RGBA").save(path(1, 32, "rgba.png"))
    picture("L").save(path(1, 8, "grey.png"))
    picture("LA").save(path(1, 16, "grey-alpha.png"))
    picture("1").save(path(1, 1, "bilevel.png"))
    picture("L").convert("I").point(lambda v: v * 200).convert("I;16").save(path(1, 16, "grey16.png"))
    picture().quantize(16).save(path(1, 4, "palette.png"), transparency=3)
    info = PngInfo()
    info.add_text("Comment", "a garden, 1 < 2")
    info.add_text("Title", "somebody's garden", zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add(b"tIME", bytes([7, 234, 1, 2, 3, 4, 5]))
    picture().save(path(1, 24, "metadata.png"), pnginfo=info, exif=exif(), icc_profile=ICC, dpi=(72, 72))
    frames = [picture(shift=s) for s in (0, 80, 160)]
    frames[0].save(path(3, 24, "animated.png"), save_all=True, append_images=frames[1:], duration=50)
    frames[0].save(path(3, 24, "animated-behind-default.png"), save_all=True, append_images=frames[1:],
                   default_image=True, duration=50)
    interlaced = interlace(picture())
    (path(1, 24, "interlaced.png")).write_bytes(interlaced)


def interlace(image):
    """Adam7 by hand: Pillow reads but does not write it."""
    rows = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for y in range(y0, HEIGHT, dy):
            rows += b"\0" + b"".join(bytes(image.getpixel((x, y))) for x in range(x0, WIDTH, dx))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 1))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def jpeg():
    picture().save(path(1, 24, "baseline.jpg"))
    picture().save(path(1, 24, "progressive.jpg"), progressive=True)
    picture("L").save(path(1, 8, "grey.jpg"))
    picture("CMYK").save(path(1, 32, "cmyk.jpg"))
    picture(size=(64, 64)).save(path(1, 24, "restarts.jpg", (64, 64)), restart_marker_blocks=2)
    thumbnail = saved(picture(size=(8, 8)))
    plain = saved(picture(), icc_profile=ICC, comment=b"a garden")
    iptc = b"\x1c\x02\x78\x00\x08a garden"
    photoshop = (b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
                 + b"8BIM\x04\x0c\0\0" + struct.pack(">I", 28 + len(thumbnail))
                 + struct.pack(">IIIIIIHH", 1, 8, 8, 24, 192, len(thumbnail), 24, 1) + thumbnail)
    path(1, 24, "metadata.jpg").write_bytes(behind_start(
        plain, segment(0xe1, exif().tobytes()), segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), segment(0xed, photoshop)))
    path(1, 24, "thumbnail.jpg").write_bytes(behind_start(saved(picture()), segment(0xe1, b"Exif\0\0" + with_thumbnail(thumbnail))))
    path(2, 24, "multi-picture.jpg").write_bytes(multi_picture(saved(picture()), saved(picture(shift=90))))


def with_thumbnail(thumbnail):
    """Exif whose second directory holds a JPEG, as every camera writes it."""
    first = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 1, 0, 26)
    second = struct.pack("<HHHIHHHHIIHHIII", 3, 0x0103, 3, 1, 6, 0, 0x0201, 4, 1, 26 + 42, 0x0202, 4, 1, len(thumbnail), 0)
    return b"II*\0\x08\0\0\0" + first + second + thumbnail


def saved(image, **options):
    import io
    target = io.BytesIO()
    image.save(target, "JPEG", **options)
    return target.getvalue()


def multi_picture(first, second):
    """CIPA DC-007: an index in the first picture's APP2; offsets count from its TIFF header."""
    def index(second_offset):
        entries = struct.pack(">IIIHH", 0x030000, size, 0, 0, 0) + struct.pack(">IIIHH", 0, len(second), second_offset, 0, 0)
        return (b"MPF\0MM\0*\0\0\0\x08" + struct.pack(">H", 3) + struct.pack(">HHI4s", 0xb000, 7, 4, b"0100")
                + struct.pack(">HHII", 0xb001, 4, 1, 2) + struct.pack(">HHII", 0xb002, 7, 32, 50) + struct.pack(">I", 0) + entries)
    size = 0
    size = len(first) + 4 + len(index(0))
    return behind_start(first, segment(0xe2, index(size - 10))) + second


def gif():
    picture("P").save(path(1, 7, "palette.gif"))
    picture("P").save(path(1, 7, "comment.gif"), comment=b"a garden")
    picture("P").save(path(1, 7, "interlaced.gif"), interlace=True)
    frames = [picture(shift=s).quantize(32) for s in (0, 80, 160)]
    frames[0].save(path(3, 5, "animated.gif"), save_all=True, append_images=frames[1:], duration=50, loop=0)


def webp():
    picture().save(path(1, 24, "lossy.webp"))
    picture().save(path(1, 24, "lossless.webp"), lossless=True)
    seen_through = picture("RGBA")
    seen_through.putalpha(picture("L"))
    seen_through.save(path(1, 32, "lossless-alpha.webp"), lossless=True)
    seen_through.save(path(1, 32, "lossy-alpha.webp"))
    picture().save(path(1, 24, "metadata.webp"), exif=exif(), xmp=XMP, icc_profile=ICC)
    frames = [picture(shift=s) for s in (0, 80, 160)]
    frames[0].save(path(3, 24, "animated.webp"), save_all=True, append_images=frames[1:], duration=50)


def bmp():
    picture().save(path(1, 24, "rgb.bmp"))
    picture("RGBA").save(path(1, 32, "rgba.bmp"))
    picture("L").save(path(1, 8, "grey.bmp"))
    picture("1").save(path(1, 1, "bilevel.bmp"))
    picture().quantize(16).save(path(1, 8, "palette.bmp"))
    bottom_up = path(1, 24, "rgb.bmp").read_bytes()
    rows = [bottom_up[54 + y * 72:54 + (y + 1) * 72] for y in range(HEIGHT)]
    path(1, 24, "top-down.bmp").write_bytes(
        bottom_up[:22] + struct.pack("<i", -HEIGHT) + bottom_up[26:54] + b"".join(reversed(rows)))


def tiff():
    picture().save(path(1, 24, "rgb.tif"))
    picture().save(path(1, 24, "deflate.tif"), compression="tiff_adobe_deflate")
    picture("CMYK").save(path(1, 32, "cmyk-lzw.tif"), compression="tiff_lzw")
    picture("1").save(path(1, 1, "group4.tif"), compression="group4")
    picture("L").convert("I").convert("I;16").save(path(1, 16, "grey16.tif"))
    picture("L").convert("I;16B").save(path(1, 16, "big-endian.tif"))
    picture().save(path(1, 24, "big.tif"), big_tiff=True)
    picture(size=(64, 64)).save(path(1, 24, "tiled.tif", (64, 64)), tiffinfo={322: 32, 323: 32}, compression="tiff_adobe_deflate")
    pages = [picture(shift=s) for s in (0, 80, 160)]
    pages[0].save(path(3, 24, "pages-padded.tif"), save_all=True, append_images=pages[1:])
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[270] = "a garden"
    info[700] = XMP
    info[33432] = "somebody"
    picture().save(path(1, 24, "metadata.tif"), tiffinfo=info, exif=exif(), icc_profile=ICC)


if __name__ == "__main__":
    png()
    jpeg()
    gif()
    webp()
    bmp()
    tiff()
