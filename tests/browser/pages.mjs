// Every kind of page, as each role sees it: valid HTML, nothing for axe to find at desktop width in light and phone
// width in dark, no fault in the console, nothing left in the other language, light enough for an old line.  That no
// kind is forgotten is read from the table of routes.
import fs from "node:fs";
import path from "node:path";

import { Demo, WIDTHS, finish, load, newPage, shoot, signIn, source, startBrowser, test } from "./harness.mjs";

const MAX_FIRST_VIEW_BYTES = 60 * 1024; // design, "first view of any page": everything it loads, as sent

const PAGES = {
  "demo-clerk-1": ["/", "/ledger/case", "/ledger/case/add", "/ledger/meeting/add", "/ledger/case/import", "/me",
    "/roster", "/help", "/help/api", "/drafts", "/views", "/search?q=路灯", "/search?q=没有这个", "/unit/1", "/person/1",
    "/ledger/case?q=没有这个", "/ledger/case?where=bogus", "/entry/SQ2023-00083/change", "/entry/XX9999-1", "/log",
    "/no-such-page"],
  "demo-secretary": ["/", "/ledger/case", "/ledger/problem", "/ledger/meeting?sort=held", "/report/annual?period=2023",
    "/ledger/case?print=1", "/report/annual?period=2023&figure=cases_handled", "/report/annual?period=2022",
    "/figure/cases_handled?period=2023", "/figure/cases_by_channel?period=2023",
    "/figure/problems_on_time?period=2023", "/entry/SQ2023-00083", "/entry/SQ2023-00010",
    "/entry/SQ2023-00010/uses"],
  "demo-supervisor": ["/", "/ledger/problem"],
  "demo-audit": ["/", "/log", "/log/40", "/verification"],
  "demo-security": ["/", "/accounts", "/tokens", "/roster/unit", "/roster/person", "/unit/2/change", "/unit/2/close",
    "/person/1/change", "/person/1/post", "/post/1/change", "/post/1/end"],
  "demo-system": ["/", "/accounts", "/tokens", "/settings"],
};

// Pages that are not there until somebody has done something: what a clerk does first, and ends up at.
const MADE = {
  "/draft/*": async (page) => {
    await page.goto("/ledger/case/add");
    await page.locator("[name=f-title]").fill("没写完的诉求");
    await page.getByRole("button", { name: "保存草稿" }).click();
    await page.waitForURL(/\/draft\/\d+$/);
  },
  "/ledger/*/import/*": async (page) => {
    await page.goto("/ledger/case/import");
    await page.locator("textarea[name=pasted]").fill("标题\t收到时间\n路灯不亮\t2023-12-01\n井盖松动\t不知道");
    await page.getByRole("button", { name: "检查", exact: true }).click();
    await page.waitForURL(/\/import\/[^/]+$/);
  },
};

// What answers GET, and is no page of the office.
const NO_PAGES = /^\/(assets|pick|api)\/|\.svg$|^\/(health|checkpoint)$|\/(proof|file\/\*)$/;

const OPENED = [
  ["demo-secretary", "/ledger/meeting/add", "a-picker", async (page) => {
    await page.locator("input[data-pick$='/pick/person']").first().pressSequentially("z");
    await page.locator("#picks [role=option]").nth(1).waitFor();
    await page.keyboard.press("ArrowDown");
  }],
  ["demo-secretary", "/report/annual?period=2023", "a-figure", async (page) => {
    await page.locator("article a.figure").nth(3).click();
    await page.locator("aside a.close").waitFor();
  }],
  ["demo-secretary", "/ledger/case", "filters", (page) => page.locator("summary", { hasText: "更多筛选" }).click()],
  ["demo-secretary", "/entry/SQ2023-00083", "all-that-is-folded", (page) =>
    page.locator("details").evaluateAll((parts) => parts.forEach((part) => { part.open = true; }))],
  ["demo-system", "/accounts", "a-change", (page) => page.locator("table summary").first().click()],
];

const FRESH = ["/", "/ledger/case", "/report/annual", "/roster", "/drafts", "/views", "/ledger/case/import"];

const { source: axeSource } = load("axe-core");
const { HtmlValidate } = load("html-validate");
const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    "no-trailing-whitespace": "off", // the templates leave blanks where a condition stood
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "require-sri": "off", // everything comes from the same address
    "long-title": "off",
    "doctype-style": "off",
    "void-style": "off",
    "no-implicit-button-type": "off",
    "tel-non-breaking": "off",
  },
});

/** The keys of the catalogue that are sentences: in a Chinese page none may stand. */
function englishKeys() {
  const keys = new Set();
  const text = fs.readFileSync(path.join(source, "po", "zh_CN", "web.po"), "utf8");
  for (const [, key] of text.matchAll(/^msgid "(.*)"$/gm)) {
    if (/^[A-Z][a-z]+.*$/.test(key) && !key.includes("%") && key.length > 3) {
      keys.add(key);
    }
  }
  return keys;
}

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function checkAxe(page, where, runOnly = STANDARDS) {
  await page.evaluate(axeSource);
  const found = await page.evaluate((asked) => window.axe.run(document, { runOnly: asked }), runOnly);
  const lines = found.violations.map((fault) => {
    const places = fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
    return `${where}: ${fault.id}: ${fault.help}: ${places.join(" | ")}`;
  });
  if (lines.length > 0) {
    throw new Error(lines.join("\n"));
  }
}

async function checkHtml(html, where) {
  const report = await validator.validateString(html);
  const lines = report.results.flatMap((result) => result.messages.map((message) =>
    `${where}:${message.line}:${message.column}: ${message.ruleId}: ${message.message}`));
  if (lines.length > 0) {
    throw new Error(lines.slice(0, 8).join("\n"));
  }
}

function checkWide(page, where) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    .then((excess) => {
      if (excess > 0) {
        throw new Error(`${where} is ${excess} px wider than the window`);
      }
    });
}

/** Texts of the page that a reader sees, and attributes that are read out. */
function visibleTexts(page) {
  return page.evaluate(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const tag = walker.currentNode.parentElement.closest("script, style, code, pre, kbd, [lang=en]");
      if (!tag) {
        texts.push(walker.currentNode.textContent.trim());
      }
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
      for (const name of ["aria-label", "placeholder", "title", "alt"]) {
        texts.push(element.getAttribute(name) ?? "");
      }
    }
    return texts;
  });
}

/** How many bytes arrive when somebody opens @address for the first time. */
async function firstView(browser, demo, cookies, address) {
  const context = await browser.newContext({ baseURL: demo.base });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let nBytes = 0;
  session.on("Network.loadingFinished", (event) => { nBytes += event.encodedDataLength; });
  await page.goto(address, { waitUntil: "networkidle" });
  await context.close();
  return nBytes;
}

const browser = await startBrowser();
const demo = await Demo.start("pages");
const keys = englishKeys();

/** Check one kind of page in all ways; @address may lead elsewhere. */
async function checkPage(page, where, address, name) {
  await test(`/browser/pages/${name}/html`, async () => {
    const answer = await page.request.get(address);
    await checkHtml(await answer.text(), where);
  });
  await test(`/browser/pages/${name}/axe`, async () => {
    await page.goto(address);
    for (const [width, colorScheme] of [["desktop", "light"], ["phone", "dark"]]) {
      await page.setViewportSize(WIDTHS[width]);
      await page.emulateMedia({ colorScheme });
      await checkAxe(page, `${where} (${width}, ${colorScheme})`);
      await checkWide(page, `${where} (${width})`);
      await shoot(page, demo, `${name}-${width}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.evaluate(() => scrollTo(0, 300));
    await checkAxe(page, `${where} (scrolled)`, ["target-size"]);
    await page.setViewportSize(WIDTHS.desktop);
  });
}

for (const [account, addresses] of Object.entries(PAGES)) {
  const page = await newPage(browser, demo);
  await signIn(page, demo, account);
  for (const address of addresses) {
    const name = `${account.replace("demo-", "")}${address.replace(/[^A-Za-z0-9]+/g, "-").replace(/-$/, "")}`;
    const where = `${account} ${address}`;
    await checkPage(page, where, address, name);
    await test(`/browser/pages/${name}/language`, async () => {
      const found = (await visibleTexts(page)).filter((text) => keys.has(text));
      if (found.length > 0) {
        throw new Error(`${where} says in English: ${found.join(", ")}`);
      }
    });
    await test(`/browser/pages/${name}/size`, async () => {
      const nBytes = await firstView(browser, demo, await page.context().cookies(), address);
      console.log(`# ${where}: ${nBytes} bytes`);
      if (nBytes > MAX_FIRST_VIEW_BYTES) {
        throw new Error(`${where} takes ${nBytes} bytes`);
      }
    });
  }
  await test(`/browser/pages/${account}/console`, async () => {
    if (page.faults.length > 0) {
      throw new Error(page.faults.join("\n"));
    }
  });
  await page.context().close();
}

// A page that nobody put into the lists above would go unseen.
const routes = fs.readFileSync(path.join(source, "src", "web", "routes.c"), "utf8");
const addresses = [...Object.values(PAGES).flat(), "/sign-in"].map((address) => address.split("?")[0]);
for (const [, pattern] of routes.matchAll(/\{HTTP_GET, +"([^"]+?)(?:\.\*)?",/g)) {
  const isSuch = new RegExp(`^${pattern.replaceAll("*", "[^/]+")}$`);
  if (NO_PAGES.test(pattern) || addresses.some((address) => isSuch.test(address))) {
    continue;
  }
  const name = pattern.replace(/[^a-z]+/g, "-").replace(/^-|-$/g, "");
  if (!MADE[pattern]) {
    await test(`/browser/pages/${name}/is-looked-at`, () => { throw new Error(`no test opens ${pattern}`); });
    continue;
  }
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await test(`/browser/pages/${name}/is-made`, () => MADE[pattern](page));
  await checkPage(page, pattern, page.url(), name);
  await page.context().close();
}

await test("/browser/pages/sign-in", async () => {
  const page = await newPage(browser, demo);
  const answer = await page.goto("/sign-in");
  await checkHtml(await answer.text(), "/sign-in");
  await checkAxe(page, "/sign-in");
  await page.context().close();
});

for (const [account, address, what, open] of OPENED) {
  await test(`/browser/pages/opened/${what}`, async () => {
    const page = await newPage(browser, demo);
    await signIn(page, demo, account);
    for (const [width, colorScheme] of [["desktop", "light"], ["phone", "dark"]]) {
      await page.setViewportSize(WIDTHS[width]);
      await page.emulateMedia({ colorScheme });
      await page.goto(address);
      await open(page);
      await checkAxe(page, `${address}, ${what} opened (${width})`);
      await checkWide(page, `${address}, ${what} opened (${width})`);
      await shoot(page, demo, `opened-${what}-${width}`);
    }
    await page.context().close();
  });
}

// A form that is sent back says what is wrong in valid HTML that axe has nothing against, too.
const REFUSALS = [
  ["demo-clerk-1", "/ledger/case/add", (page) => page.getByRole("button", { name: "登记", exact: true }).click()],
  ["demo-clerk-1", "/me", (page) => page.getByRole("button", { name: "修改", exact: true }).click()],
  ["demo-system", "/settings", async (page) => {
    await page.locator("#name").fill("");
    await page.getByRole("button", { name: "保存", exact: true }).click();
  }],
];
for (const [account, address, send] of REFUSALS) {
  await test(`/browser/pages/refused${address.replaceAll("/", "-")}`, async () => {
    const page = await newPage(browser, demo);
    await signIn(page, demo, account);
    await page.goto(address);
    const [answer] = await Promise.all([page.waitForResponse((one) => one.status() >= 400), send(page)]);
    await checkHtml(await answer.text(), `${address}, refused`);
    await page.getByRole("alert").waitFor();
    await checkAxe(page, `${address}, refused`);
    await shoot(page, demo, `refused${address.replaceAll("/", "-")}`);
    await page.context().close();
  });
}

// A chart on paper without its table says less than on the screen.
await test("/browser/pages/charts-have-their-tables-on-paper", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-secretary");
  await page.goto("/figure/cases_by_channel?period=2023");
  await page.emulateMedia({ media: "print" });
  const tables = page.locator(".bars table");
  for (let i = 0; i < await tables.count(); i++) {
    if (!(await tables.nth(i).isVisible())) throw new Error(`table ${i} is folded`);
  }
  if (await tables.count() !== 2) throw new Error("there are not two charts");
  await page.context().close();
});

// Columns without number: the table goes on in its own place, the page does not.
await test("/browser/pages/wide-list", async () => {
  const page = await newPage(browser, demo, { viewport: { width: 1000, height: 800 } });
  await signIn(page, demo, "demo-secretary");
  await page.goto("/ledger/case");
  await page.locator("summary", { hasText: "显示列" }).click();
  const names = await page.locator("[name=cols]").evaluateAll((boxes) => boxes.map((box) => box.value));
  await page.goto(`/ledger/case?${names.map((name) => `cols=${name}`).join("&")}`);
  await checkWide(page, "a list of all columns");
  await checkAxe(page, "a list of all columns");
  await page.context().close();
});

// An office of which nothing is recorded yet says other things than the demo ever does.
const fresh = await Demo.startFresh("pages-fresh");
const newcomer = await newPage(browser, fresh);
await signIn(newcomer, fresh, "fresh");
for (const address of FRESH) {
  await checkPage(newcomer, `fresh office ${address}`, address, `fresh${address.replace(/[^a-z]+/g, "-").replace(/-$/, "")}`);
}
await fresh.stop();

await browser.close();
await test("/browser/pages/server-ends-well", async () => {
  const status = await demo.stop();
  if (status !== 0 || /ERROR: AddressSanitizer|runtime error/.test(demo.log())) {
    throw new Error(`the server ended with ${status}; see ${demo.shots}/server.log`);
  }
});
finish();
