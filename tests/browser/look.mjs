// How pages lie in windows of all sizes and on paper, and what keys reach in them: nothing that matters is cut off,
// covered or lost.
import { Demo, finish, newPage, signIn, startBrowser, test } from "./harness.mjs";

function must(holds, what) {
  if (!holds) {
    throw new Error(what);
  }
}

const browser = await startBrowser();
const demo = await Demo.start("look");

/** Open @address as @account in a window of its own, and do @run with its page. */
async function on(account, address, options, run) {
  const page = await newPage(browser, demo, options);
  await signIn(page, demo, account);
  await page.goto(address);
  await run(page);
  must(page.faults.length === 0, page.faults.join("\n"));
  await page.context().close();
}

function window(width, height) {
  return { viewport: { width, height } };
}

// At 1024 px, an old office's window, state and deadline stood outside the box, and nothing showed it.
await test("/browser/look/no-column-is-cut-off", () =>
  on("demo-secretary", "/ledger/case", window(961, 768), async (page) => {
    const ledgers = await page.locator("nav a[href^='/ledger/']").evaluateAll((links) => links.map((link) => link.pathname));
    for (const ledger of ledgers) {
      await page.goto(ledger);
      for (const width of [961, 1024, 1200, 1280]) {
        await page.setViewportSize({ width, height: 768 });
        const cut = await page.locator(".list").evaluateAll((lists) => lists.map((list) => list.scrollWidth - list.clientWidth));
        must(cut.every((excess) => excess <= 0), `${ledger} at ${width}: ${cut} px of the list are cut off`);
      }
    }
  }));

await test("/browser/look/no-name-is-broken", () =>
  on("demo-secretary", "/", window(1024, 768), async (page) => {
    const isBroken = await page.locator("header .who").evaluate((who) => who.offsetHeight > 1.5 * parseFloat(getComputedStyle(who).lineHeight));
    must(!isBroken, "the name of who is signed in takes two lines");
  }));

// The name of an office of 31 characters took four lines of a phone, on every page.
await test("/browser/look/a-long-name-takes-two-lines", () =>
  on("demo-secretary", "/", window(360, 740), async (page) => {
    const nLines = await page.locator("header .name").evaluate((name) => {
      name.textContent = "示范自治县人民政府办公室（县政务服务和数据管理局）机关党委";
      return Math.round(name.offsetHeight / parseFloat(getComputedStyle(name).lineHeight));
    });
    must(nLines === 2, `it takes ${nLines} lines`);
    await page.getByRole("link", { name: "目录" }).click();
    await page.locator("nav").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("nav").waitFor({ state: "hidden" });
  }));

/** Press Shift+Tab and return whether what has the focus then can be seen at its middle. */
async function isSeenBefore(page) {
  await page.keyboard.press("Shift+Tab");
  return page.evaluate(() => {
    const focused = document.activeElement;
    return [...focused.getClientRects()].some((box) => {
      const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return there && (focused.contains(there) || there.contains(focused));
    });
  });
}

// WCAG 2.2, 2.4.11: the sheet of a figure lay over the figures that the keys led to.
for (const [width, height] of [[360, 740], [640, 400], [320, 256], [1024, 768]]) {
  await test(`/browser/look/the-sheet-covers-no-focus-${width}`, () =>
    on("demo-secretary", "/report/annual?period=2023", window(width, height), async (page) => {
      const figures = page.locator("article a.figure");
      for (const at of [await figures.count() - 1, 12]) {
        await figures.nth(at).click();
        await page.locator("aside a.close").waitFor();
        await figures.nth(at).focus();
        for (let i = 0; i < 10; i += 1) {
          must(await isSeenBefore(page), `the focus is covered ${i + 1} steps before figure ${at}`);
        }
      }
    }));
}

// The links that sort stood 99rem beside the window: keys went there, fingers could not.
for (const javaScriptEnabled of [true, false]) {
  await test(`/browser/look/a-folded-list-is-sorted-${javaScriptEnabled ? "by-keys" : "without-script"}`, () =>
    on("demo-secretary", "/ledger/case", { ...window(360, 740), javaScriptEnabled }, async (page) => {
      const links = page.locator(".list thead a");
      for (let i = 0; i < await links.count(); i += 1) {
        const box = await links.nth(i).boundingBox();
        must(box.x >= 0 && box.x + box.width <= 360, `link ${i} is at ${box.x} px`);
      }
      await page.getByRole("link", { name: "时限" }).click();
      await page.waitForURL(/sort=due/);
      must(await page.locator("th[aria-sort=ascending]").innerText() === "时限▲", "the order is not shown");
    }));
}

// Where the reader's own colours stand in the place of ours, all options of a picker looked alike.
for (const forcedColors of ["none", "active"]) {
  await test(`/browser/look/the-chosen-option-is-seen-${forcedColors}`, () =>
    on("demo-secretary", "/ledger/meeting/add", { forcedColors }, async (page) => {
      await page.locator("input[data-pick$='/pick/person']").first().pressSequentially("z");
      await page.locator("#picks [role=option]").nth(1).waitFor();
      await page.keyboard.press("ArrowDown");
      const grounds = await page.locator("#picks [role=option]").evaluateAll((options) => options.slice(0, 2).map((option) =>
        getComputedStyle(option).backgroundColor.match(/[\d.]+/g).map(Number)));
      const seen = grounds.map(([red, green, blue, alpha = 1]) => (alpha === 0 ? 255 : 0.2 * red + 0.7 * green + 0.1 * blue));
      must(Math.abs(seen[0] - seen[1]) > 80, `the grounds are ${seen.join(" and ")}`);
    }));
}

/** Set @page up as a sheet of A4 that lies, between its margins, and return what @select of it says of each element. */
async function onPaper(page, select, say) {
  await page.setViewportSize({ width: 1032, height: 700 });
  await page.emulateMedia({ media: "print" });
  return page.locator(select).evaluateAll(say);
}

async function countSheets(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true, format: "A4" })).toString("latin1");
  return pdf.match(/\/Type \/Page\b/g).length;
}

const visible = (elements) => elements.filter((one) => one.checkVisibility()).map((one) => one.innerText.trim());

// Ten rows a sheet, numbers in two lines beside an empty column, the newest first.
await test("/browser/look/a-book-on-paper", () =>
  on("demo-secretary", "/ledger/case?print=1", {}, async (page) => {
    const heights = await onPaper(page, ".book tbody tr", (rows) => rows.map((row) => row.offsetHeight));
    must(heights.length === 86 && Math.max(...heights) < 28, `rows are up to ${Math.max(...heights)} px high`);
    const numbers = await page.locator(".book td:nth-child(2)").allTextContents();
    must(numbers[0] === "SQ2022-00001" && numbers.at(-1) === "SQ2023-00084", `from ${numbers[0]} to ${numbers.at(-1)}`);
    must(await countSheets(page) <= 4, "86 rows take more than four sheets");
  }));

// The sheets said nothing of the rows that were left out, nor whose they are.
await test("/browser/look/a-list-on-paper", () =>
  on("demo-secretary", "/ledger/case", {}, async (page) => {
    const said = await onPaper(page, ".on-paper", visible);
    must(said.some((line) => line.includes("示范县政府办公室") && line.includes("打印日期：2023-")), said.join(" | "));
    must(said.some((line) => line.includes("50") && line.includes("共86条") && line.includes("打印台账簿")), said.join(" | "));
  }));

await test("/browser/look/the-log-on-paper", () =>
  on("demo-audit", "/log", {}, async (page) => {
    const said = await onPaper(page, ".on-paper", visible);
    must(said.some((line) => /本页留痕数（自新到旧）：100；日志共计：\d{4}。/.test(line)), said.join(" | "));
  }));

await test("/browser/look/an-entry-on-paper", () =>
  on("demo-secretary", "/entry/SQ2023-00010", {}, async (page) => {
    const headings = await onPaper(page, "main h2", visible);
    must(!headings.includes("被引用"), "a heading with nothing below it");
    must((await page.locator("main .card").evaluateAll(visible)).length === 0, "a box with nothing in it");
    must(await countSheets(page) <= 2, "more than two sheets");
  }));

await test("/browser/look/a-figure-on-paper", () =>
  on("demo-secretary", "/figure/cases_by_channel?period=2023", {}, async (page) => {
    must(await countSheets(page) <= 4, "a figure with two charts and 84 entries takes more than four sheets");
  }));

await test("/browser/look/charts-say-what-they-show", () =>
  on("demo-secretary", "/figure/cases_by_channel?period=2023", window(360, 740), async (page) => {
    const words = await page.locator(".bars img").evaluateAll((images) => images.map((image) => image.alt));
    must(words[0] === "各渠道收到数，走势，自2019至2023*；数值见下表", words[0]);
    must(words[1] === "各渠道收到数，分组；数值见下表", words[1]);
    const width = await page.locator(".bars img").first().evaluate((image) => image.clientWidth);
    must(width >= 345, `a chart is ${width} px wide: its letters are too small`);
  }));

await test("/browser/look/a-list-says-its-order", () =>
  on("demo-secretary", "/ledger/case", {}, async (page) => {
    must(await page.getByText("按登记日期降序").isVisible(), "by what the list is sorted is not said");
    await page.goto("/ledger/case?sort=due");
    must(await page.locator("th[aria-sort=ascending]").innerText() === "时限▲", "no column is marked");
    must(await page.locator(".order").count() === 0, "it is said twice");
  }));

await test("/browser/look/a-heading-is-words-alone", () =>
  on("demo-secretary", "/figure/cases_by_channel?period=2023", {}, async (page) => {
    must((await page.locator("h2 a").count()) === 0, "a link is part of a heading");
    await page.goto("/report/annual?period=2023&figure=cases_handled");
    must((await page.locator("h2 a").count()) === 0, "a link is part of a heading");
  }));

// Each figure that had been opened was one more step on the way back, and what Esc closed came again.
await test("/browser/look/back-leads-out-of-the-report", () =>
  on("demo-secretary", "/", {}, async (page) => {
    await page.locator("nav a[href^='/report/']").first().click();
    await page.goto("/report/annual?period=2023");
    for (const at of [2, 5, 9]) {
      await page.locator("article a.figure").nth(at).click();
      await page.locator(`article a.figure[aria-current] >> nth=0`).waitFor();
      await page.waitForURL(/figure=/);
    }
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.searchParams.has("figure"));
    await page.locator("aside a.close").waitFor({ state: "detached" });
    must(await page.evaluate(() => document.activeElement.matches("a.figure")), "the focus is not where it was");
    await page.goBack();
    await page.waitForURL((url) => url.pathname === "/" || url.search === "");
  }));

await test("/browser/look/what-is-closed-stays-closed", () =>
  on("demo-secretary", "/report/annual?period=2023&figure=cases_handled", {}, async (page) => {
    for (const at of [4, 7]) {
      await page.locator("article a.figure").nth(at).click();
      await page.waitForFunction((one) => document.querySelectorAll("article a.figure")[one].ariaCurrent, at);
      await page.keyboard.press("Escape");
      await page.locator("aside a.close").waitFor({ state: "detached" });
      must(new URL(page.url()).search === "?period=2023", `came to ${page.url()}`);
    }
  }));

// WCAG 2.2, 2.2.1: the session ended without a word.
await test("/browser/look/before-a-session-ends-it-is-said", () =>
  on("demo-secretary", "/", {}, async (page) => {
    await page.clock.install();
    await page.goto("/ledger/case/add");
    const warning = page.locator(".idle p", { hasText: "即将自动退出登录" });
    await page.clock.fastForward("26:00");
    must(!(await warning.isVisible()), "it is said too early");
    await page.clock.fastForward("01:30");
    await warning.waitFor();
    await warning.getByRole("button", { name: "继续使用" }).click();
    await warning.waitFor({ state: "hidden" });
    await page.clock.fastForward("20:00");
    must(!(await warning.isVisible()), "who stays is warned again at once");
    await page.clock.fastForward("12:00");
    await page.locator(".idle p", { hasText: "已自动退出登录" }).waitFor();
  }));

await browser.close();
await test("/browser/look/server-ends-well", async () => {
  const status = await demo.stop();
  must(status === 0 && !/ERROR: AddressSanitizer|runtime error/.test(demo.log()),
    `the server ended with ${status}; see ${demo.shots}/server.log`);
});
finish();
