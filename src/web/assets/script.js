/* What is better with a script than without: suggestions as one types, rows added in place, drafts
 * saved by themselves, files with their progress, a figure opened beside the report.  Everything
 * here only hastens what the pages do without it, and takes all its words from them. */
"use strict";

const find = (selector, from) => (from || document).querySelector(selector);
const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
const make = (tag, more) => Object.assign(document.createElement(tag), more);
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/* Ask the server; null without an answer.  What it answers it counts as use. */
async function ask(url, options) {
  const answer = await fetch(url, options).catch(() => null);
  if (answer && answer.ok && !answer.redirected) noteUse();
  return answer;
}

/* ---- suggestions: a combobox as in ARIA 1.2 ------------------------------------------------- */

let list = null; /* the listbox that is open */
let isAsking = false; /* the last question has no answer yet */
let asked = 0; /* the number of the last question, so that a late answer is left aside */
const parts = /[^、，,;；]*$/; /* what is being typed of a list of names */

function closeList() {
  if (!list) return;
  list.input.setAttribute("aria-expanded", "false");
  list.input.removeAttribute("aria-activedescendant");
  list.remove();
  list = null;
}

function choose(option) {
  const input = list.input;
  input.value = input.value.replace(parts, option.dataset.text);
  closeList();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  asked++;
  isAsking = false;
}

function mark(option) {
  all("[aria-selected=true]", list).forEach((o) => o.setAttribute("aria-selected", "false"));
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  list.input.setAttribute("aria-activedescendant", option.id);
}

function openList(input, picks, none) {
  closeList();
  if (!(picks.length || none) || document.activeElement !== input) return;
  list = make("ul", { className: "picks", id: "picks", input });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  picks.forEach((pick, i) => {
    const option = make("li", { id: "pick-" + i, textContent: pick.text.replace(/#\d+$/, "") });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.text = pick.text;
    option.append(make("small", { textContent: " " + pick.note }));
    option.onmousedown = (event) => { event.preventDefault(); choose(option); };
    list.append(option);
  });
  if (!picks.length) {
    const told = make("li", { className: "sub", textContent: none });
    told.setAttribute("role", "option");
    told.setAttribute("aria-disabled", "true");
    list.append(told);
  }
  const box = input.getBoundingClientRect();
  list.style.left = box.left + scrollX + "px";
  list.style.top = box.bottom + scrollY + "px";
  list.style.minWidth = box.width + "px";
  (input.closest("main") || document.body).append(list);
  input.setAttribute("aria-expanded", "true");
}

async function suggest(input) {
  const number = ++asked;
  isAsking = true;
  const sought = input.value.match(parts)[0].trim();
  await new Promise((done) => setTimeout(done, 150)); /* one question for a word, not for a letter */
  if (number !== asked) return;
  const answer = await ask(input.dataset.pick + "?q=" + encodeURIComponent(sought));
  const { picks, none } = answer && answer.ok ? await answer.json() : { picks: [] };
  if (number !== asked) return;
  isAsking = false;
  openList(input, picks, sought && none);
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("input[data-pick]") || target.role === "combobox") return;
  target.removeAttribute("list");
  const roles = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "picks" };
  for (const name in roles) target.setAttribute(name, roles[name]);
});
/* Where one name stands, the next that is typed takes its place: it is marked when it is reached,
 * also by a pointer, which would take the mark away again. */
let reached = null;
document.addEventListener("focusin", ({ target }) => {
  reached = target.matches("input[data-one]") ? target : null;
  if (reached) reached.select();
});
document.addEventListener("click", ({ target }) => {
  if (target === reached && target.selectionStart === target.selectionEnd) target.select();
  reached = null;
});
document.addEventListener("focusout", () => { asked++; isAsking = false; closeList(); });
document.addEventListener("input", ({ target }) => { if (target.matches("input[data-pick]")) suggest(target); });

/* Enter takes what is marked, else the first: it never sends the form while a list is open. */
function keyInList(event) {
  const options = all("[role=option]:not([aria-disabled])", list);
  const at = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) mark(options[(at + step + options.length + (at < 0 && step < 0)) % options.length]);
  else if (event.key === "Enter" && options.length) choose(options[Math.max(at, 0)]);
  else if (event.key === "Enter") closeList();
  else if (event.key === "Escape") closeList();
  else return;
  event.preventDefault();
}

/* ---- rows of a table in a form -------------------------------------------------------------- */

function empty(control) {
  control.value = control.type === "checkbox" ? control.value : "";
  control.checked = false;
}

function addRow(body) {
  const row = body.rows[body.rows.length - 1].cloneNode(true);
  for (const control of all("input, select, textarea", row)) {
    control.id = control.name + "-" + body.rows.length;
    empty(control);
    for (const name of ["aria-invalid", "aria-describedby", "role"]) control.removeAttribute(name);
  }
  all(".note", row).forEach((note) => note.remove());
  body.append(row);
  return row;
}

function addRemovers(rows) {
  for (const row of all("tbody tr", rows)) {
    const cell = make("td");
    cell.append(make("button", { type: "button", className: "plain remove", textContent: rows.dataset.remove }));
    row.append(cell);
  }
  find("thead tr", rows).append(make("td"));
}
/* The present as the server has it, which said @then when it made the page: "2023-05-06 09:30". */
function present(then) {
  const at = Date.parse(then.slice(0, 10) + "T" + (then.slice(11) || "00:00") + "Z") + performance.now();
  return new Date(at).toISOString().replace("T", " ").slice(0, then.length);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".rows .more")) {
    event.preventDefault();
    find("input, select, textarea", addRow(find("tbody", button.closest(".rows")))).focus();
  } else if (button.matches(".now")) {
    const input = find("input", button.parentNode);
    input.value = present(button.dataset.now);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (button.matches(".calendar")) {
    openCalendar(button);
  } else if (button.matches(".print")) {
    print();
  } else if (button.matches(".remove")) {
    const row = button.closest("tr");
    changed(button.form);
    if (row.parentNode.rows.length > 1) row.remove();
    else all("input, select, textarea", row).forEach(empty);
  }
});

/* Take apart cells as a spreadsheet copies them: one with a line break or a tab stands in quotes. */
function cellsOf(text) {
  const rows = [[]];
  const cell = /"((?:[^"]|"")*[\t\n](?:[^"]|"")*)"(?=[\t\n]|$)|[^\t\n]*/y;
  for (let at = 0; at <= text.length; at = cell.lastIndex + 1) {
    cell.lastIndex = at;
    const [plain, quoted] = cell.exec(text);
    const value = quoted === undefined ? plain : quoted.replace(/""/g, '"').replace(/\s+/g, " ");
    rows[rows.length - 1].push(value);
    if (text[cell.lastIndex] === "\n") rows.push([]);
  }
  return rows;
}

/* Put @text into the control of a row; false where it has none, or no such choice. */
function fill(control, text) {
  if (!control) return text === "";
  if (!control.options) { control.value = text; return true; }
  const is = (option) => option.text === text || option.value === text || (text === "√" && option.value === "yes");
  const option = [...control.options].find(is);
  if (option) control.value = option.value;
  return Boolean(option);
}

/* Say in @rows which cells found no place. */
function tellLeft(rows, left) {
  all(":scope > .left", rows).forEach((told) => told.remove());
  if (!left.length) return;
  const told = make("p", { className: "note late left", textContent: rows.dataset.left + left.join("、") });
  told.setAttribute("role", "alert");
  rows.append(told);
}

/* Cells copied from a spreadsheet fill those to the right and below. */
document.addEventListener("paste", (event) => {
  const cell = event.target.closest && event.target.closest(".rows td");
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
  if (!cell || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const body = cell.closest("tbody");
  const left = [];
  cellsOf(text).forEach((line, i) => {
    const at = cell.parentNode.sectionRowIndex + i;
    const row = body.rows[at] || addRow(body);
    line.forEach((value, j) => {
      const beside = row.cells[cell.cellIndex + j];
      if (!fill(beside && find("input, select, textarea", beside), value.trim())) left.push(value.trim());
    });
  });
  tellLeft(cell.closest(".rows"), left);
  changed(event.target.form);
});

/* ---- drafts that save themselves ------------------------------------------------------------ */

const SAVE_EVERY_MS = 20000;
const OUTLIVING_BYTES = 60000;
const unsaved = new Set();

function changed(form) { if (form && form.dataset.draft) unsaved.add(form); }
document.addEventListener("input", ({ target }) => changed(target.form));

function content(form) { return new URLSearchParams(new FormData(form)); }

async function save(form) {
  unsaved.delete(form);
  const body = content(form);
  body.append("auto", "yes");
  const keepalive = body.toString().length <= OUTLIVING_BYTES;
  const answer = await ask(form.action + "/draft", { method: "POST", body, keepalive });
  const draft = answer && answer.ok && answer.url.match(/\/draft\/(\d+)$/);
  const said = find(".saved", form);
  if (form.dataset.sent) return;
  const isGone = answer && answer.status === 404;
  if (draft) form.elements.draft.value = draft[1];
  else if (!isGone) unsaved.add(form);
  const why = isGone ? said.dataset.gone : answer && answer.status === 401 ? said.dataset.out : said.dataset.unsaved;
  said.textContent = draft ? said.dataset.saved + " " + new Date().toTimeString().slice(0, 5) : why;
}
function saveAll() { unsaved.forEach((form) => { if (!form.dataset.sent) save(form); }); }
setInterval(saveAll, SAVE_EVERY_MS);

/* Whoever leaves loses nothing: the request outlives the page.  What is too long for such a request
 * (of 64 KiB at most) is asked about. */
document.addEventListener("visibilitychange", () => { if (document.hidden) saveAll(); });
addEventListener("beforeunload", (event) => {
  const isLong = (form) => !form.dataset.sent && content(form).toString().length > OUTLIVING_BYTES;
  if ([...unsaved].some(isLong)) event.preventDefault();
  saveAll();
});

/* A form is sent once, however often its button is pressed, but for a file, after which the page
 * stays. */
document.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.dataset.file) return;
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "yes";
  if (event.target.action.endsWith("/discard")) unsaved.clear();
});
function unsend() { all("form[data-sent]").forEach((form) => { delete form.dataset.sent; delete form.dataset.asked; }); }
addEventListener("pageshow", unsend);

/* ---- the browser's own calendar --------------------------------------------------------------- */

/* A date is typed as people write it; beside it a button opens the picker of the browser, which is a
 * control of its own that no form sends. */
function addCalendar(input) {
  if (!("showPicker" in HTMLInputElement.prototype) || find(".calendar", input.parentNode)) return;
  const button = make("button", { type: "button", className: "calendar", textContent: input.dataset.words });
  const label = input.getAttribute("aria-label") || (input.labels[0] ? input.labels[0].textContent.trim() : "");
  button.setAttribute("aria-label", input.dataset.words + ": " + label);
  if (input.closest(".row")) { input.after(button); return; }
  const row = make("span", { className: "row" });
  input.before(row);
  row.append(input, button);
}

function openCalendar(button) {
  const input = find("input[data-calendar]", button.parentNode);
  const type = input.dataset.calendar;
  const picker = make("input", { type, className: "picker", tabIndex: -1 });
  const [, day, time] = input.value.trim().match(/^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?$/) || [];
  picker.value = day ? (type === "date" ? day : day + "T" + (time || "00:00")) : "";
  picker.setAttribute("aria-hidden", "true");
  const box = button.getBoundingClientRect();
  picker.style.left = box.left + scrollX + "px";
  picker.style.top = box.bottom + scrollY + "px";
  all("body > .picker").forEach((old) => old.remove());
  document.body.append(picker);
  picker.addEventListener("input", () => {
    input.value = picker.value.replace("T", " ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  picker.addEventListener("change", () => input.focus());
  picker.showPicker();
}

/* ---- files ---------------------------------------------------------------------------------- */

function size(bytes) { return bytes < 1e3 ? bytes + " B" : bytes < 1e6 ? Math.ceil(bytes / 1e3) + " kB" : (bytes / 1e6).toFixed(1) + " MB"; }

/* Take file @left out of what is chosen in @drop. */
function leaveOut(drop, left) {
  const input = find("input", drop);
  const kept = new DataTransfer();
  [...input.files].forEach((file, i) => { if (i !== left) kept.items.add(file); });
  input.files = kept.files;
  showFiles(drop);
  (all(".leave-out", drop)[left] || find(".leave-out", drop) || input).focus();
}

function fileLine(drop, file, i) {
  const words = drop.dataset.remove;
  const line = make("li", { textContent: file.name + " · " + (file.size ? size(file.size) : drop.dataset.empty) + " " });
  const button = make("button", { type: "button", className: "plain leave-out", textContent: words, onclick: () => leaveOut(drop, i) });
  button.setAttribute("aria-label", words + ": " + file.name);
  line.append(button);
  return line;
}

function showFiles(drop) {
  const input = find("input", drop);
  const files = [...input.files];
  const sum = all("input[type=file]", input.form).flatMap((one) => [...one.files]).reduce((bytes, file) => bytes + file.size, 0);
  const empty = files.find((file) => !file.size);
  const fault = sum > drop.dataset.most ? drop.dataset.large : empty ? empty.name + ": " + drop.dataset.empty : "";
  find("ul", drop).replaceChildren(...files.map((file, i) => fileLine(drop, file, i)));
  input.setCustomValidity(fault);
  if (fault) input.reportValidity();
}

function takeDrops(drop) {
  drop.append(make("ul", { className: "lines" }));
  drop.addEventListener("change", () => showFiles(drop));
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    find("input", drop).files = event.dataTransfer.files;
    showFiles(drop);
  });
}

/* Add to what is shown what only a script can do. */
function better() {
  all(".by-script").forEach((part) => { part.hidden = false; });
  all(".rows").forEach(addRemovers);
  all(".drop").forEach(takeDrops);
  all("input[data-calendar]").forEach(addCalendar);
  const refusal = find(".notice[tabindex]");
  if (refusal) refusal.focus();
}
better();

/* Put the page that came back in the place of what is shown; the files chosen for @form stay so. */
function show(html, form) {
  const chosen = all("input[type=file]", form);
  find("main").replaceWith(document.adoptNode(find("main", parse(html))));
  better();
  for (const { id, files } of chosen) {
    const input = document.getElementById(id);
    if (input && files.length) { input.files = files; showFiles(input.closest(".drop")); }
  }
}

/* Say @text at the end of @form, which stays as it is. */
function tell(form, text) {
  delete form.dataset.sent;
  all("progress, .notice[role=alert]", form).forEach((old) => old.remove());
  const told = make("p", { className: "notice late", textContent: text });
  told.setAttribute("role", "alert");
  form.append(told);
}

/* Return how many bytes the fields of @form come to, without its files. */
function weight(form) {
  if (form.enctype !== "multipart/form-data") return content(form).toString().length;
  return new Blob([...new FormData(form).values()].filter((value) => typeof value === "string")).size;
}

/* What no server would read is not sent, so that what was typed stays. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const { most, large } = document.body.dataset; /* the door has none */
  if (event.defaultPrevented || form.method !== "post" || !most || weight(form) <= most) return;
  event.preventDefault();
  tell(form, large);
});

/* A server that does not answer would put the browser's own page in the place of what was typed: it
 * is asked first. */
const ANSWERS_WITHIN_MS = 10000;
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !form.dataset.draft || form.dataset.asked) return;
  event.preventDefault();
  const answer = await fetch(find("link[rel=icon]").href, { method: "HEAD", cache: "no-store",
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) }).catch(() => null);
  delete form.dataset.sent;
  if (!answer) { tell(form, document.body.dataset.down); changed(form); return; }
  form.dataset.asked = "yes";
  form.requestSubmit(submitter);
});

/* On paper what is folded stands open, where it is to be printed at all. */
addEventListener("beforeprint", () => all("details.on-paper-too:not([open])").forEach((part) => { part.open = true; part.dataset.folded = "yes"; }));
addEventListener("afterprint", () => all("details[data-folded]").forEach((part) => { part.open = false; delete part.dataset.folded; }));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!find(".drop", form) || !all("input[type=file]", form).some((input) => input.files.length)) return;
  if (event.defaultPrevented) return;
  event.preventDefault();
  const large = all(".drop input", form).find((input) => input.validity.customError);
  if (large) { delete form.dataset.sent; large.reportValidity(); return; }
  const bar = make("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", find(".drop", form).dataset.sending);
  form.append(bar);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest"); /* the page that follows tells */
  request.upload.onprogress = (sent) => { bar.value = sent.loaded / sent.total; };
  request.onerror = () => tell(form, find(".drop", form).dataset.failed);
  request.onload = () => {
    const refusal = request.status === 413 && find("main .notice", parse(request.responseText)); /* no page with the form */
    if (request.status < 400) location.assign(request.responseURL);
    else if (refusal) tell(form, refusal.textContent);
    else show(request.responseText, form);
  };
  request.send(new FormData(form));
});

/* What a filter leaves empty stays out of its address, which people pass on. */
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  for (const name of new Set(formData.keys())) if (formData.getAll(name).every((value) => value === "")) formData.delete(name);
});

/* ---- a figure beside the report ------------------------------------------------------------- */

let opener = null; /* the figure that was opened last */
let shown = location.href; /* the report, and the figure beside it */
let nOpened = 0; /* the number of the last that was asked for, so that a late answer is left aside */

/* Show the figure of @url, or none, and do @write, by which the address says so. */
async function openFigure(url, write) {
  const number = ++nOpened;
  const answer = await ask(url);
  const text = answer && answer.ok && await answer.text();
  if (number !== nOpened) return;
  if (!text) { location.assign(url); return; }
  const page = parse(text);
  const now = find("aside#figure", page), before = find("aside#figure");
  if (!now || !before) { location.assign(url); return; }
  before.replaceWith(document.adoptNode(now));
  const links = all("a.figure", page);
  all("a.figure").forEach((link, i) => {
    const current = links[i] && links[i].getAttribute("aria-current");
    if (current) link.setAttribute("aria-current", current);
    else link.removeAttribute("aria-current");
  });
  if (write) write();
  shown = location.href;
  const heading = find("#figure h2");
  if (heading) { heading.tabIndex = -1; heading.focus(); }
  else if (opener) opener.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".report a.figure, aside a.close");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const isFirst = !find("aside a.close"); /* it alone is a step that one goes back */
  const { state } = history;
  if (link.matches(".figure")) opener = link;
  else if (state && state.isOpened) return history.back();
  openFigure(link.href, () => isFirst ? history.pushState({ isOpened: true }, "", link.href) : history.replaceState(state, "", link.href));
});
addEventListener("popstate", () => { if (find("aside#figure") && location.search !== new URL(shown).search) openFigure(location.href); });

/* ---- work that goes on ------------------------------------------------------------------------ */

/* Ask how far it is, in place of the browser's reload; the last answer is the page that is left. */
async function follow() {
  if (!find(".working")) return;
  await new Promise((done) => setTimeout(done, 1000));
  const answer = await ask(location.href);
  if (answer && answer.redirected) { location.assign(answer.url); return; }
  const now = answer && find("main", parse(await answer.text()));
  const name = document.activeElement.closest("main") && document.activeElement.name;
  if (now) find("main").replaceWith(document.adoptNode(now));
  const button = name && find(`main button[name="${name}"]`);
  if (button) button.focus();
  follow();
}
follow();

/* ---- a session that ends without use -------------------------------------------------------- */

const MINUTE_MS = 60000;
const WARNED_MS = 2 * MINUTE_MS; /* before its end */
const SLACK_MS = MINUTE_MS; /* the server notes use no more often */
const idle = find("header .idle"); /* the door has none */

let used = Date.now();

/* All windows of the browser on an office are one session: what is used in one is kept for the
 * others, unless the browser keeps nothing. */
function noteUse() {
  used = Date.now();
  try { localStorage.setItem("used " + find(".name").pathname, used); } catch { /* this window alone */ }
}

function lastUse() {
  try { return Math.max(used, localStorage.getItem("used " + find(".name").pathname)); } catch { return used; }
}

function watchIdle() {
  const left = lastUse() + idle.dataset.minutes * MINUTE_MS - SLACK_MS - Date.now();
  const [warning, ended] = all("p", idle);
  idle.hidden = left > WARNED_MS;
  warning.hidden = left <= 0;
  ended.hidden = left > 0;
}
if (idle) {
  noteUse();
  setInterval(watchIdle, MINUTE_MS / 6);
  find(".stay", idle).addEventListener("click", async () => {
    await ask(find("header .who").href, { method: "HEAD", cache: "no-store" });
    watchIdle();
  });
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Return whether @input is a line of a form that writes into the books, which no slip may send. */
function isOfBooks(input) {
  return input.matches('form[data-draft] input, form[action$="/step"] input') && !/checkbox|file/.test(input.type);
}

function focusNext(input) {
  const reached = [...input.form.elements].filter((e) => e.matches("input, select, textarea, button:not(.calendar)") && e.offsetParent);
  (reached[reached.indexOf(input) + 1] || input).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return; /* the keys are the input method's */
  if (list) return keyInList(event);
  const { target, key } = event;
  if (key === "Enter" && isAsking && target.matches("input[data-pick]")) event.preventDefault();
  if (key === "Escape") unsend(); /* it stops what is under way */
  if (key === "Enter" && isOfBooks(target)) {
    event.preventDefault();
    if (!isAsking) focusNext(target);
  } else if (key === "ArrowDown" && target.matches("input[data-pick]")) suggest(target);
  else if (key === "Escape" && find("aside a.close")) find("aside a.close").click();
  else if (key === "Escape" && find("nav:target")) find("header .shut").click();
  else if (key === "Escape" && target.closest("details[open]")) {
    const details = target.closest("details[open]");
    details.open = false;
    find("summary", details).focus();
  } else if (key === "?" && !target.matches("input, textarea, select")) {
    const help = find('a[href$="/help"]');
    if (help) location.assign(help.href + "#keys");
  }
});
