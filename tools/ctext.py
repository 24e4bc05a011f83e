"""Text as C source: what the tools that write C share."""


def quote(text):
    """Return @text, UTF-8 bytes, as a C string literal that no compiler reads differently."""
    out = ['"']
    for byte in text:
        if byte in b'"\\?':
            out.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F:
            out.append(chr(byte))
        else:
            out.append(f"\\{byte:03o}")
    return "".join(out) + '"'
