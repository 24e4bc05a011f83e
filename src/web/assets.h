/* The style sheet, the script and the icon, embedded at build time (tools/embed-file.py).
 *
 * Pages ask for them by their version ("/assets/style.css?v=…"), so that a browser may keep what it
 * got under that address for good.
 *
 * Immutable. */
#pragma once

extern const char web_style_css[];
extern const char web_style_css_version[];
extern const char web_script_js[];
extern const char web_script_js_version[];
extern const char web_icon_svg[];
extern const char web_icon_svg_version[];
