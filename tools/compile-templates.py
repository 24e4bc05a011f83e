#!/usr/bin/env python3
"""Turn HTML templates into C functions whose values are escaped by the place they stand in.

usage: compile-templates.py [--translated] FOLDER TEMPLATE.html…

Writes FOLDER/templates.h and, for each NAME.html, FOLDER/template-NAME.c.  A file holds one or more templates:

    {% include "ledger/list.h" %}                      a header that its types need
    {% template case_list(const LedgerPage *page) %}   begins one; its text ends at the next
    {= entry->title }     a text (const char *, NULL is nothing), escaped by its place
    {# entry->version }   an integer
    {_ "All cases" }      a text of the screen, translated (the catalogue's key)
    {~ entry->title }     what people wrote, in whatever language: where it is another than the page's, it says so
    <td {@ cell->text }>  the same, said by the element that holds it, where no other may stand in it (option, title)
    {% for LedgerEntry *entry in page->entries %} … {% end %}      over a GPtrArray
    {% if page->next != NULL %} … {% elif … %} … {% else %} … {% end %}
    {% call pager(page) %}                             another template
    {% template frame_begin(const char *title) opens html body %}   what it leaves open, and
    {% template frame_end() closes html body %}                     another closes
    {! a remark that stays here !}

A template NAME becomes `void template_NAME(GString *out, const HtmlContext *html, …)`; expressions
are C and are checked by its compiler.  A value may stand between tags and inside a quoted attribute
that the compiler knows (TEXT_ATTRIBUTES).  In an attribute that leads somewhere (href, src, action…)
it is the whole address, of which only harmless ones are written, or a part behind literal text,
which is percent-encoded.  What a page runs or is dressed with is this server's own: no value decides
which script or style sheet.  An address of this server begins with "/" and is written as if the site
stood alone: html->base is put in front, but for what all sites share (SHARED).  Everything else is
refused with file and line: values in tags, names, unquoted attributes and comments, whatever the
Content-Security-Policy would block (event handlers, style, script within the page), an attribute
twice, branches that end in another place than they began in, braces that begin nothing; with
--translated also words that do not go through {_ }."""
import os
import re
import sys

URL_ATTRIBUTES = {"href", "src", "action", "formaction", "cite", "poster", "data", "xlink:href"}
HARMLESS = ("/", "?", "#", "https://", "http://", "mailto:")  # how a literal address may begin
SHARED = "/assets/"  # one copy for all sites of the server
TEXT_ATTRIBUTES = set("""
    abbr accept accept-charset alt autocapitalize autocomplete class cols colspan coords cx cy
    d datetime dir download dx dy enctype fill font-size for form headers height hidden high id
    inputmode label lang list low max maxlength media method min minlength name opacity open optimum
    pattern placeholder points r rel role rows rowspan rx ry scope selected shape size span spellcheck
    start step stroke stroke-width summary tabindex text-anchor title transform translate type value
    viewbox width wrap x x1 x2 xml:lang y y1 y2""".split())
RAW_ELEMENTS = {"script", "title", "textarea", "noscript"}
NEVER = {"animate", "animatemotion", "animatetransform", "applet", "base", "discard", "embed", "frame", "frameset",
         "iframe", "noembed", "noframes", "object", "plaintext", "set", "style", "xmp"}  # SMIL writes into attributes
NO_VALUES = {"script", "noscript"}
LINKS = {"alternate", "canonical", "help", "next", "prev", "self"}  # what a value may lead to
NOT_FOREIGN = {"desc", "foreignobject", "title"}  # in them a page goes on inside an <svg>
KEPT = {"pre", "textarea"}  # their white space is theirs
SAID = {"alt", "aria-label", "data-words", "label", "placeholder", "summary", "title"}  # attributes that are read out
LITERAL = {"code", "id", "kbd", "noscript", "pre", "script"}  # what is in them is the same in every language
SAME = {"Atom", "Excel", "GET", "POST", "SHA", "atom", "csv", "json", "jsonl", "English", "中文"}  # and so are these
WORD = re.compile("[A-Za-z]+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")  # Chinese signs too
PLAIN = {"option", "textarea", "title"}  # no element may stand in them
VOID_ELEMENTS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                 "source", "track", "wbr"}
DIRECTIVE = re.compile(r"\{(%|=|#|_|~|@|!)")
NAME = r"[a-z][a-z0-9_]*"


class Refused(Exception):
    """What is wrong, and on which line."""

    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


class Place:
    """Where in the HTML the compiler stands: text, tag, or the value of an attribute."""

    def __init__(self):
        self.kind = "text"       # text, element, tag, name, before-value, value, unquoted, comment
        self.element = ""        # being opened
        self.is_closing = False
        self.is_slashed = False  # a "/" stood just now
        self.names = frozenset()  # of its attributes so far
        self.rel = frozenset()   # the words of that attribute
        self.is_led = False      # a value decides where its address leads
        self.attribute = ""
        self.quote = ""
        self.literal = ""        # of the attribute's value so far
        self.has_value = False   # a value stood in this attribute
        self.begins_with_value = False  # before any literal
        self.is_name_whole = False  # a branch ended behind a name: nothing may be added to it
        self.raw = ""            # inside <script>, <style>, <textarea> …
        self.open = []           # elements not yet closed
        self.is_translated = False  # words are those of a language, which must be chosen

    def key(self):
        """What must be the same at the beginning and the end of each branch."""
        if self.kind in ("element", "tag", "name"):  # behind a whole name, as of a branch "checked"
            return ("tag", self.element, self.is_slashed, self.raw, tuple(self.open))
        inside = (self.element, self.attribute, self.quote) if self.kind != "text" else ()
        has_begun = self.attribute in URL_ATTRIBUTES and self.has_begun()
        return (self.kind, inside, has_begun, self.raw, tuple(self.open))

    def has_begun(self):
        """Whether something of the attribute's value is written already."""
        return self.literal != "" or self.has_value

    def is_foreign(self):
        """Whether "/>" ends an element here (HTML §13.2.6.5)."""
        for element in [self.element, *reversed(self.open)]:
            if element == "svg" or (element in NOT_FOREIGN and element != self.element):
                return element == "svg"
        return False

    def join(self, other):
        """Take over what another branch has written in this tag."""
        self.names |= other.names
        self.rel |= other.rel
        self.is_led = self.is_led or other.is_led

    def copy(self):
        other = Place()
        other.__dict__.update(self.__dict__)
        other.open = list(self.open)
        return other


def advance(place, text, line):
    """Move @place over the literal @text; return where in it the base of addresses goes."""
    bases = []
    i = 0
    while i < len(text):
        c = text[i]
        if place.kind == "text":
            start = i
            i = advance_text(place, text, i, line)
            line += text.count("\n", start, i)
            continue
        if place.kind == "comment":
            end = text.find("-->", i)
            if end < 0:
                raise Refused(line, "a comment does not end before the next directive")
            if text.startswith((">", "->"), i) or "--!>" in text[i:end]:
                raise Refused(line, "browsers end this comment elsewhere; write it plainly")
            line += text.count("\n", i, end)
            place.kind = "text"
            i = end + 3
            continue
        if begins_address(place, c) and not text.startswith(SHARED, i):
            bases.append(i)
        advance_tag(place, c, line)
        line += c == "\n"
        i += 1
    return bases


def begins_address(place, c):
    """Return whether the literal @c begins an address of this server."""
    return (place.kind == "value" and c == "/" and place.attribute in URL_ATTRIBUTES
            and not place.has_begun())


def advance_text(place, text, i, line):
    """Move over text from @i to behind the next '<' that begins a tag; return the new place."""
    start = text.find("<", i)
    if place.raw in NO_VALUES:
        start = text.find("</", i)
    if start < 0:
        start = len(text)
    if not LITERAL & {place.raw, *place.open}:
        check_words(place, re.sub(r"&#?\w+;", "", text[i:start]), line)
    if place.raw == "script" and text[i:start].strip():
        raise Refused(line, "no script may stand within a page; write src")
    if start == len(text):
        return start
    line += text.count("\n", i, start)
    if place.raw:
        end = re.compile(r"</" + place.raw + r"\s*>", re.I).match(text, start)
        if end is None:
            raise Refused(line, f"in <{place.raw}> there is text only; write &lt;")
        place.raw = ""
        place.open.pop()
        return end.end()
    if text.startswith("<!--", start):
        place.kind = "comment"
        return start + 4
    match = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*|!doctype)", re.I).match(text, start)
    if match is None:
        raise Refused(line, "a '<' that begins no tag; write &lt;")
    place.kind = "element"
    place.is_closing = match.group(1) == "/"
    place.element = match.group(2).lower()
    place.attribute = ""
    place.names = place.rel = frozenset()
    place.is_led = place.is_slashed = False
    if place.element in NEVER:
        raise Refused(line, f"<{place.element}> has no place in a page")
    return match.end()


def check_words(place, text, line):
    """Refuse words that every reader would get in the language of the template."""
    word = next((word for word in WORD.findall(text) if word not in SAME), None)
    if word is not None and place.is_translated:
        raise Refused(line, f"'{word}' is not translated; write {{_ \"…\" }}")


def advance_tag(place, c, line):
    """Move over one character inside a tag."""
    if (place.is_name_whole or place.kind == "element") and not (c.isspace() or c in "/>"):
        raise Refused(line, "a name must be whole inside its branch" if place.is_name_whole else
                      f"'{c}' may not stand in the name of a tag")
    place.is_name_whole = False
    place.is_slashed = place.is_slashed and c == ">"
    if place.kind == "name" and (c.isspace() or c in "=/>"):
        end_name(place, line)
    if place.kind == "value":
        if c == place.quote:
            check_address(place, line)
            if place.attribute in SAID:
                check_words(place, place.literal, line)
            end_value(place)
        else:
            place.literal += c
    elif place.kind == "unquoted":
        if c.isspace():
            end_value(place)
        elif c == ">":
            end_value(place)
            end_tag(place, line)
        elif c in "\"'<=`":
            raise Refused(line, f"an unquoted value may not hold {c}")
        else:
            place.literal += c
    elif place.kind == "before-value":
        advance_to_value(place, c, line)
    elif c == ">":
        end_tag(place, line)
    elif c == "=":
        if not place.attribute:
            raise Refused(line, "a '=' without a name before it")
        place.kind = "before-value"
    elif c == "/":
        place.kind, place.attribute, place.is_slashed = "tag", "", True
    elif c.isspace():
        place.kind = "tag"
    elif c in "\"'<":
        raise Refused(line, f"{c} may not stand in a name")
    else:
        place.attribute = place.attribute + c.lower() if place.kind == "name" else c.lower()
        place.kind = "name"


def end_name(place, line):
    """Take down the name of an attribute, which is whole."""
    name = place.attribute
    if (name.startswith("on") and name != "on") or name in ("style", "srcdoc"):
        raise Refused(line, f"the attribute '{name}' has no place in a page: write it in the assets")
    if name and name in place.names:
        raise Refused(line, f"the attribute '{name}' stands here twice")
    place.names |= {name} - {""}


def end_value(place):
    if place.attribute == "rel":
        place.rel |= set(place.literal.lower().split())
    place.kind, place.attribute = "tag", ""


def advance_to_value(place, c, line):
    """Move over @c behind the "=" of an attribute."""
    if c in "\"'":
        place.kind, place.quote, place.literal = "value", c, ""
        place.has_value = place.begins_with_value = False
    elif c in "<>=`":
        raise Refused(line, f"the attribute '{place.attribute}' has no value")
    elif not c.isspace():
        if place.attribute in URL_ATTRIBUTES:
            raise Refused(line, f"the address in '{place.attribute}' must be quoted")
        place.kind, place.quote, place.literal = "unquoted", "", c


def check_address(place, line):
    """Refuse the literal beginning of an address that leads to a script or nowhere."""
    literal = place.literal
    if place.element == "script" and place.attribute == "src":
        if not literal.startswith("/"):
            raise Refused(line, "a script is this server's own: its address begins with /")
    if place.attribute not in URL_ATTRIBUTES or not literal or place.begins_with_value:
        return
    if not literal.startswith(HARMLESS) or literal.startswith(("//", "/\\")):
        raise Refused(line, "an address begins with / (not //), ?, #, https://, http:// or mailto:")


def end_tag(place, line):
    place.kind = "text"
    element = place.element
    place.attribute = ""
    if element == "link" and place.is_led and not (place.rel and place.rel <= LINKS):
        raise Refused(line, f"a value may lead only to a link that is one of: {' '.join(sorted(LINKS))}")
    if element == "!doctype" or (element in VOID_ELEMENTS and not place.is_closing):
        return
    if place.is_closing:
        if not place.open or place.open[-1] != element:
            inside = place.open[-1] if place.open else "nothing"
            raise Refused(line, f"</{element}> closes {inside}")
        place.open.pop()
        return
    check_source(place, line)
    if place.is_slashed and place.is_foreign():
        return
    place.open.append(element)
    if element in RAW_ELEMENTS:
        place.raw = element


def check_source(place, line):
    """Check that a script says where it lies, without a value in its path."""
    if place.element == "script" and ("src" not in place.names or place.is_led):
        raise Refused(line, "no value may decide which script runs" if place.is_led else
                      "no script may stand within a page; write src")


def value_writer(place, line, is_number):
    """Return the C that writes a value, in the place of "{}", at @place."""
    if place.kind == "text":
        if place.raw in NO_VALUES:
            raise Refused(line, f"no value may stand in <{place.raw}>")
        return "html_append_int(out, {})" if is_number else "html_append_text(out, {})"
    if place.kind != "value":
        raise Refused(line, "a value may stand between tags or in a quoted attribute only")
    name = place.attribute
    if name in URL_ATTRIBUTES:
        return address_writer(place, line, is_number)
    if place.element == "link" and name == "rel":
        raise Refused(line, "no value may decide what a link is")
    if name not in TEXT_ATTRIBUTES and not name.startswith(("aria-", "data-")):
        raise Refused(line, f"no value may stand in the attribute '{name}'")
    place.has_value = True
    return "html_append_int(out, {})" if is_number else "html_append_text(out, {})"


def data_writer(place, line):
    """Return the C that writes what people wrote, at @place."""
    if place.kind != "text" or place.raw or (place.open and place.open[-1] in PLAIN):
        raise Refused(line, "write {@ } in the tag and {= } here: no element may stand here")
    return "html_append_data(out, html, {})"


def language_writer(place, line):
    """Return the C that says in a tag in which language people wrote what is in the element."""
    if place.kind != "tag":
        raise Refused(line, "{@ } stands in a tag, where an attribute may begin")
    if "lang" in place.names:
        raise Refused(line, "the attribute 'lang' stands here twice")
    place.names |= {"lang"}
    return "html_append_lang(out, html, {})"


def address_writer(place, line, is_number):
    """Return the C that writes a value inside an address."""
    check_address(place, line)
    is_whole = not place.has_begun()
    place.begins_with_value = place.begins_with_value or is_whole
    place.is_led = place.is_led or "?" not in place.literal
    place.has_value = True
    if is_number:
        if is_whole:
            raise Refused(line, "a number is no address")
        return "html_append_int(out, {})"
    return "html_append_url(out, html->base, {})" if is_whole else "html_append_url_part(out, {})"


def quote(text):
    """Return @text as a C string literal, a line of C for each of its lines."""
    lines = text.splitlines(keepends=True) or [""]
    out = []
    for one in lines:
        escaped = "".join(c if c in " !" or (c.isascii() and c.isprintable() and c not in '"\\?')
                          else "".join(f"\\{b:03o}" for b in c.encode()) for c in one)
        out.append(f'"{escaped}"')
    return "\n        ".join(out)


def squeeze(text):
    """Leave out the indentation of lines, and lines that hold nothing else."""
    return re.sub(r"\n\s*\n", "\n", re.sub(r"\n[ \t]+", "\n", text))


class Block:
    """An if or for that is not ended yet."""

    def __init__(self, kind, line, place):
        if place.kind in ("name", "before-value", "unquoted"):
            raise Refused(line, "a name and an unquoted value must be whole before a directive")
        self.kind = kind
        self.line = line
        self.before = place.copy()
        if place.kind in ("element", "tag"):
            place.attribute = self.before.attribute = ""  # what a branch writes stands alone
        self.after = None  # where the first branch of an if ended
        self.has_else = False


class Compiler:
    def __init__(self, path, is_translated=False):
        self.path = path
        self.is_translated = is_translated
        self.headers = []
        self.prototypes = []
        self.out = []
        self.place = None
        self.left_open = []
        self.blocks = []

    def emit(self, text):
        self.out.append("    " * (1 + len(self.blocks)) + text)

    def emit_at(self, line, text):
        """Emit what the C compiler may find fault with."""
        self.out.append(f'#line {line} "{self.path}"')
        self.emit(text)

    # ---- directives ----

    def begin_template(self, words, line):
        match = re.fullmatch(r"template\s+(" + NAME + r")\s*\((.*)\)(?:\s+(opens|closes)\s+([a-z0-9 ]+))?",
                             words, re.S)
        if match is None:
            raise Refused(line, "write {% template name(const Type *parameter) %}")
        self.end_template(line)
        elements = match.group(4).split() if match.group(4) else []
        self.left_open = elements if match.group(3) == "opens" else []
        parameters = " ".join(match.group(2).split())
        rest = f", {parameters}" if parameters else ""
        prototype = f"void template_{match.group(1)}(GString *out, const HtmlContext *html{rest})"
        self.prototypes.append(prototype)
        self.place = Place()
        self.place.is_translated = self.is_translated
        self.place.open = elements if match.group(3) == "closes" else []
        self.out.append(f'\n#line {line} "{self.path}"\n{prototype}\n{{')

    def end_template(self, line):
        if self.place is None:
            return
        if self.blocks:
            raise Refused(self.blocks[-1].line, f"this {self.blocks[-1].kind} is not ended")
        if self.place.kind != "text":
            raise Refused(line, "the template ends inside a tag")
        if self.place.open != self.left_open:
            left = " ".join(self.place.open) or "nothing"
            raise Refused(line, f"the template leaves open: {left}")
        self.out.append("}")

    def begin_for(self, words, line):
        match = re.fullmatch(r"for\s+(.+?)\b(" + NAME + r")\s+in\s+(.+)", words, re.S)
        if match is None:
            raise Refused(line, "write {% for Type *name in array %}")
        n = len(self.blocks)
        if self.place.kind in ("element", "tag"):
            raise Refused(line, "a for has no place between attributes, which stand once")
        self.emit_at(line, f"for (guint i{n} = 0; i{n} < ({match.group(3)})->len; i{n}++) {{")
        self.blocks.append(Block("for", line, self.place))
        self.emit_at(line, f"{match.group(1)}{match.group(2)} = g_ptr_array_index({match.group(3)}, i{n});")

    def begin_if(self, words, line):
        self.emit_at(line, f"if ({words[2:].strip()}) {{")
        self.blocks.append(Block("if", line, self.place))

    def begin_branch(self, words, line):
        if not self.blocks or self.blocks[-1].kind != "if" or self.blocks[-1].has_else:
            raise Refused(line, f"'{words.split()[0]}' without an if before it")
        block = self.blocks.pop()
        self.close_branch(block, line)
        if words == "else":
            block.has_else = True
            self.emit("} else {")
        else:
            self.emit_at(line, f"}} else if ({words[4:].strip()}) {{")
        self.blocks.append(block)
        self.place = block.before.copy()

    def close_branch(self, block, line):
        if block.after is not None and block.after.key() != self.place.key():
            raise Refused(line, f"the branches of this {block.kind} end in different places")
        if self.place.kind == "name":
            end_name(self.place, line)
        if block.after is not None:
            self.place.join(block.after)
        block.after = self.place.copy()
        self.place.is_name_whole = self.place.kind == "name"
        if self.place.kind in ("element", "tag", "name"):
            self.place.attribute = ""

    def end_block(self, line):
        if not self.blocks:
            raise Refused(line, "'end' without anything to end")
        block = self.blocks.pop()
        self.close_branch(block, line)
        if not block.has_else and self.place.key() != block.before.key():
            raise Refused(line, f"this {block.kind} ends in another place than it begins in")
        self.emit("}")

    def call(self, words, line):
        match = re.fullmatch(r"call\s+(" + NAME + r")\s*\((.*)\)", words, re.S)
        if match is None:
            raise Refused(line, "write {% call name(argument) %}")
        if self.place.kind != "text" or self.place.raw:
            raise Refused(line, "a template can be called between tags only")
        arguments = match.group(2).strip()
        rest = f", {arguments}" if arguments else ""
        self.emit_at(line, f"template_{match.group(1)}(out, html{rest});")

    def directive(self, words, line):
        first = words.split(None, 1)[0] if words else ""
        if first == "include":
            match = re.fullmatch(r'include\s+"([a-z0-9_/.-]+)"', words)
            if match is None:
                raise Refused(line, 'write {% include "folder/file.h" %}')
            self.headers.append(match.group(1))
        elif first == "template":
            self.begin_template(words, line)
        elif self.place is None:
            raise Refused(line, "before the first {% template %} there may be includes only")
        elif first == "for":
            self.begin_for(words, line)
        elif first == "if":
            self.begin_if(words, line)
        elif first in ("else", "elif"):
            self.begin_branch(words, line)
        elif first == "end":
            self.end_block(line)
        elif first == "call":
            self.call(words, line)
        else:
            raise Refused(line, f"unknown directive '{first}'")

    def value(self, sign, words, line):
        if self.place is None:
            raise Refused(line, "before the first {% template %} there may be includes only")
        if not words:
            raise Refused(line, "a value is missing")
        writer = (data_writer(self.place, line) if sign == "~" else
                  language_writer(self.place, line) if sign == "@" else
                  value_writer(self.place, line, sign == "#"))
        if sign == "_":
            match = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', words)
            if match is None:
                raise Refused(line, 'write {_ "text" }')
            words = f'message_get(html->language, N_("{match.group(1)}"))'
        self.emit_at(line, writer.format(words) + ";")

    # ---- the file ----

    def literal(self, text, line, is_before_language=False):
        if self.place is None:
            if text.strip():
                raise Refused(line, "text before the first {% template %}")
            return
        is_kept = (any(name in self.place.open for name in KEPT)
                   or any(f"<{name}" in text.lower() for name in KEPT))
        brace = text.find("{")
        if brace >= 0:
            raise Refused(line + text.count("\n", 0, brace), "a '{' that begins nothing; write &#123;")
        start = 0
        for base in advance(self.place, text, line):
            self.emit_text(text[start:base], is_kept)
            self.emit("g_string_append(out, html->base);")
            start = base
        self.emit_text(text[start:].rstrip() if is_before_language else text[start:], is_kept)

    def emit_text(self, text, is_kept):
        text = text if is_kept else squeeze(text)
        if text:
            self.emit(f"html_append_literal(out, {quote(text)});")

    def compile(self, text):
        at, line = 0, 1
        while True:
            match = DIRECTIVE.search(text, at)
            literal = text[at:match.start()] if match else text[at:]
            if match and match.group(1) == "%" and not literal.strip() and self.place is None:
                literal = ""
            self.literal(literal, line, match is not None and match.group(1) == "@")
            line += text.count("\n", at, match.start() if match else len(text))
            if match is None:
                break
            sign = match.group(1)
            closing = {"%": "%}", "!": "!}"}.get(sign, "}")
            end = text.find(closing, match.end())
            if end < 0:
                raise Refused(line, f"'{{{sign}' is not closed by '{closing}'")
            words = text[match.end():end].strip()
            if sign == "%":
                self.directive(words, line)
            elif sign != "!":
                self.value(sign, words, line)
            line += text.count("\n", match.start(), end)
            at = end + len(closing)
            if sign in "%!" and text.startswith("\n", at):  # the line was the directive's alone
                at += 1
                line += 1
        self.end_template(line)
        if self.place is None:
            raise Refused(1, "a file needs a {% template %}")


def write(path, text):
    """Write @text to @path unless it stands there, so that only what has changed is compiled again."""
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    except OSError:
        pass
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    is_translated = sys.argv[1] == "--translated"
    folder, *paths = sys.argv[2 if is_translated else 1:]
    compilers = []
    for path in paths:
        compiler = Compiler(path, is_translated)
        try:
            with open(path, encoding="utf-8") as file:
                compiler.compile(file.read())
        except Refused as refused:
            sys.exit(f"{path}:{refused.line}: {refused}")
        except UnicodeDecodeError:
            sys.exit(f"{path}:1: not UTF-8")
        compilers.append(compiler)
    headers = sorted({name for compiler in compilers for name in compiler.headers})
    write(os.path.join(folder, "templates.h"),
          "/* Made by tools/compile-templates.py; do not edit. */\n#pragma once\n\n"
          + '#include "html/escape.h"\n'
          + "".join(f'#include "{name}"\n' for name in headers) + "\n"
          + "".join(f"{one};\n" for compiler in compilers for one in compiler.prototypes))
    for path, compiler in zip(paths, compilers):
        name = os.path.splitext(os.path.basename(path))[0]
        write(os.path.join(folder, f"template-{name}.c"),
              "/* Made by tools/compile-templates.py; do not edit. */\n"
              + '#include "templates.h"\n\n'
              + '#include "base/message.h"\n'
              + "\n".join(compiler.out) + "\n")


if __name__ == "__main__":
    main()
