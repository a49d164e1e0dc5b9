"""What is done to a picture: the kinds of change, each with the strength of a common copy.

Each takes an RGB picture and a source of random numbers, and gives the changed picture with the
format and options that it is saved with; None is the format of the original.
"""
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

LONGER_SIDE = 1024  # pixels, of an original; a photograph is reduced to it
JPEG = {"quality": 90}  # where the quality is not the change


def scaled(percent):
    def change(picture, random):
        size = [max(1, round(side * percent / 100)) for side in picture.size]
        return picture.resize(size, Image.Resampling.LANCZOS), None, {}
    return change


def compressed(format, **options):
    return lambda picture, random: (picture, format, options)


def cropped(percent):
    """Takes away a share of the area; the shape stays, the place is random."""
    def change(picture, random):
        kept = (1 - percent / 100) ** 0.5
        width, height = [max(1, round(side * kept)) for side in picture.size]
        left = random.randint(0, picture.width - width)
        top = random.randint(0, picture.height - height)
        return picture.crop((left, top, left + width, top + height)), None, {}
    return change


def enhanced(kind, factor):
    return lambda picture, random: (kind(picture).enhance(factor), None, {})


def blurred(picture, random):
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 200)), None, {}


def gray(picture, random):
    return picture.convert("L"), None, {}


def overlaid(picture, random):
    """A line of text, seven tenths as wide as the picture, white with a black edge."""
    words, wanted = "Copy, not for sale", picture.width * 0.7
    trial = ImageFont.load_default(100)
    size = max(8, 100 * wanted / trial.getlength(words))
    font = ImageFont.load_default(size)
    result = picture.copy()
    draw = ImageDraw.Draw(result)
    left, top, right, bottom = draw.textbbox((0, 0), words, font=font)
    place = (random.uniform(0, max(0, picture.width - right)),
             random.uniform(0, max(0, picture.height - bottom)))
    draw.text(place, words, font=font, fill="white", stroke_width=max(1, round(size / 20)),
              stroke_fill="black")
    return result, None, {}


def tilted(picture, random):
    """By two degrees in its frame; what comes in at the corners is white."""
    angle = random.choice([-2, 2])
    return picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white"), None, {}


def turned(picture, random):
    turns = [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270]
    return picture.transpose(random.choice(turns)), None, {}


def mirrored(picture, random):
    return ImageOps.mirror(picture), None, {}


def framed(picture, random):
    """A border of a twentieth of the shorter side, on each side, in one of four colours."""
    colour = random.choice(["white", "black", "#808080", "#7a2018"])
    return ImageOps.expand(picture, round(min(picture.size) / 20), colour), None, {}


CHANGES = {
    "scale-50": scaled(50),
    "scale-25": scaled(25),
    "jpeg-75": compressed("JPEG", quality=75),
    "jpeg-50": compressed("JPEG", quality=50),
    "jpeg-30": compressed("JPEG", quality=30),
    "jpeg-20": compressed("JPEG", quality=20),
    "jpeg-10": compressed("JPEG", quality=10),
    "jpeg-5": compressed("JPEG", quality=5),
    "webp-80": compressed("WEBP", quality=80),
    "crop-10": cropped(10),
    "crop-20": cropped(20),
    "crop-30": cropped(30),
    "crop-50": cropped(50),
    "brightness-up": enhanced(ImageEnhance.Brightness, 1.3),
    "brightness-down": enhanced(ImageEnhance.Brightness, 0.7),
    "contrast-up": enhanced(ImageEnhance.Contrast, 1.4),
    "contrast-down": enhanced(ImageEnhance.Contrast, 0.6),
    "blur": blurred,
    "gray": gray,
    "text": overlaid,
    "border": framed,
    "turn-2": tilted,
    "turn-90": turned,
    "mirror": mirrored,
}
