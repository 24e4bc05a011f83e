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

await browser.close();
await test("/browser/look/server-ends-well", async () => {
  const status = await demo.stop();
  must(status === 0 && !/ERROR: AddressSanitizer|runtime error/.test(demo.log()),
    `the server ended with ${status}; see ${demo.shots}/server.log`);
});
finish();
