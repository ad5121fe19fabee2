"""Codes that a phone reads from paper."""

from functools import cache

import segno


@cache
def qr_image(text: str) -> str:
    """A QR code as the address of an image: SVG in a `data:` URI.

    Error correction M (15 %), which a crumpled sheet needs, and the quiet zone of four modules
    that ISO/IEC 18004 asks for.
    """
    return segno.make_qr(text, error="m", boost_error=False).svg_data_uri(border=4)
