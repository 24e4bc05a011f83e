// One piece of work from end to end, as a clerk does it: sign in, record a request, attach what proves it, answer it,
// find it in the list; then as the secretary: open the report, a figure of it, an entry behind the figure, and its
// history.  At desktop and phone width, without scripts, and by keyboard alone.
import { Demo, WIDTHS, finish, newPage, shoot, signIn, startBrowser, test } from "./harness.mjs";

const TITLE = "测试路三号楼前路灯不亮";
const REPLY = "已于当日更换灯具，路灯恢复照明。";

function must(holds, what) {
  if (!holds) {
    throw new Error(what);
  }
}

/** How a person acts on a page: with a pointer, or with keys alone. */
const pointer = {
  press: (locator) => locator.click(),
  type: (locator, text) => locator.fill(text),
  choose: (locator, label) => locator.selectOption({ label }),
};

const MAX_TABS = 150;

/** Go to @locator with the Tab key, as somebody without a mouse does. */
async function tabTo(page, locator) {
  const wanted = await locator.elementHandle();
  for (let i = 0; i < MAX_TABS; i += 1) {
    if (await page.evaluate((element) => document.activeElement === element, wanted)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${locator}`);
}

const keyboard = {
  async press(locator) {
    await tabTo(locator.page(), locator);
    await locator.page().keyboard.press("Enter");
  },
  async type(locator, text) {
    await tabTo(locator.page(), locator);
    await locator.page().keyboard.insertText(text);
  },
  async choose(locator, label) {
    await tabTo(locator.page(), locator);
    // What the first keys of a choice's words do in a select, without an input method: go down until it is there.
    const labels = await locator.locator("option").allTextContents();
    const now = await locator.evaluate((select) => select.selectedIndex);
    const step = labels.indexOf(label) - now;
    for (let i = 0; i < Math.abs(step); i += 1) {
      await locator.page().keyboard.press(step > 0 ? "ArrowDown" : "ArrowUp");
    }
    const chosen = await locator.evaluate((select) => select.selectedOptions[0].textContent.trim());
    must(chosen === label, `cannot choose ${label}`);
  },
};

async function record(page, hand, demo, name) {
  await page.goto("/ledger/case");
  await hand.press(page.getByRole("link", { name: "登记一条" }));
  await page.waitForURL("**/ledger/case/add*");
  await hand.type(page.locator("[name=f-title]"), TITLE);
  await hand.type(page.locator("[name=f-received_at]"), "2023-12-29 08:30");
  await hand.choose(page.locator("select[name=f-channel]"), "12345热线");
  await shoot(page, demo, `${name}-1-form`);
  await hand.press(page.getByRole("button", { name: "登记", exact: true }));
  await page.waitForURL("**/entry/*");
  must((await page.locator("main").textContent()).includes(TITLE), "the new entry does not show its title");
  return decodeURIComponent(page.url().split("/entry/")[1].split(/[?#]/)[0]);
}

async function attach(page, hand, demo, name) {
  const summary = page.locator("summary", { hasText: "上传佐证" });
  await hand.press(summary);
  const form = page.locator("details", { has: summary });
  await form.locator("input[type=file]").first().setInputFiles(
    { name: "现场照片说明.txt", mimeType: "text/plain", buffer: Buffer.from("三号楼前路灯已更换。\n") });
  await hand.press(form.getByRole("button", { name: "上传" }));
  await page.getByRole("link", { name: "现场照片说明.txt" }).waitFor();
  await shoot(page, demo, `${name}-2-attached`);
}

async function step(page, hand, demo, name) {
  const accept = page.locator("summary", { hasText: /^受理转办$/ }); // one of two: both are folded
  await hand.press(accept);
  await hand.press(page.locator("details", { has: accept }).getByRole("button", { name: "受理转办", exact: true }));
  const form = page.locator("section.next"); // now what comes next is one thing, and stands open
  await form.getByRole("heading", { name: "答复", exact: true }).waitFor();
  await hand.type(form.locator("textarea[name=f-reply]"), REPLY);
  await hand.press(form.getByRole("button", { name: "答复", exact: true }));
  await page.locator("main .tag", { hasText: "已答复" }).first().waitFor();
  must((await page.locator("main").textContent()).includes(REPLY), "the entry does not show its reply");
  await shoot(page, demo, `${name}-3-answered`);
}

async function findInList(page, hand, demo, name, number) {
  await page.goto("/ledger/case");
  await shoot(page, demo, `${name}-4-list`);
  await hand.press(page.getByRole("link", { name: number, exact: true }));
  await page.waitForURL(`**/entry/${encodeURIComponent(number)}`);
}

async function openFigure(page, hand, demo, name) {
  await page.goto("/report/annual?period=2023");
  await shoot(page, demo, `${name}-5-report`);
  await hand.press(page.locator("article a.figure", { hasText: "80余件" }).first());
  const card = page.locator("aside");
  await card.getByText("统计范围").waitFor();
  must((await card.textContent()).includes("统计对象"), "the card does not say what is counted");
  await page.evaluate(() => 0); // let a drawer that slides in come to rest
  await shoot(page, demo, `${name}-6-figure`);
  const entries = card.locator(".members a[href*='/entry/']");
  must(await entries.count() > 80, `only ${await entries.count()} entries stand behind 80余件`);
  await hand.press(entries.first());
  await page.waitForURL("**/entry/*");
  must(/经过/.test(await page.locator("main").textContent()), "the entry has no history");
  await shoot(page, demo, `${name}-7-entry`);
}

async function walk(browser, demo, name, hand, options) {
  await test(`/browser/walk/${name}`, async () => {
    const clerk = await newPage(browser, demo, options);
    await signIn(clerk, demo, "demo-clerk-1");
    const number = await record(clerk, hand, demo, name);
    await attach(clerk, hand, demo, name);
    await step(clerk, hand, demo, name);
    await findInList(clerk, hand, demo, name, number);
    must(clerk.faults.length === 0, clerk.faults.join("\n"));
    await clerk.context().close();
    const secretary = await newPage(browser, demo, options);
    await signIn(secretary, demo, "demo-secretary");
    await openFigure(secretary, hand, demo, name);
    must(secretary.faults.length === 0, secretary.faults.join("\n"));
    await secretary.context().close();
  });
}

const browser = await startBrowser();
const demo = await Demo.start("walk");

await walk(browser, demo, "desktop", pointer, {});
await walk(browser, demo, "phone", pointer, { viewport: WIDTHS.phone, hasTouch: true });
await walk(browser, demo, "without-script", pointer, { javaScriptEnabled: false });
await walk(browser, demo, "keyboard", keyboard, {});

await test("/browser/walk/leaving-a-form-keeps-what-was-typed", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await page.goto("/ledger/case/add");
  await page.locator("[name=f-title]").fill("没写完就离开的诉求");
  await page.goto("/ledger/case");
  const draft = page.getByRole("link", { name: "没写完就离开的诉求" });
  for (let n_tries = 0; n_tries < 20; n_tries++) { /* the request outlives its page: nobody waits for it */
    await page.goto("/");
    if (await draft.count() > 0) return;
  }
  await draft.waitFor({ timeout: 1000 });
});

// The browser put its own page in the place of the form, and what was typed since the last draft was gone.
await test("/browser/walk/a-server-that-is-down-takes-nothing-away", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await page.goto("/ledger/case/add");
  await page.locator("[name=f-title]").fill("断网时写的诉求");
  await page.locator("[name=f-received_at]").fill("2023-12-28 09:00");
  await page.context().setOffline(true);
  for (const button of ["登记", "保存草稿"]) {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "服务器没有应答" }).waitFor();
    must(await page.locator("[name=f-title]").inputValue() === "断网时写的诉求", "what was typed is there");
  }
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await page.waitForURL(/\/entry\/SQ2023-/);
  must((await page.locator("h1").textContent()).includes("断网时写的诉求"), "it is recorded");
  await page.context().close();
});

// A date is typed or chosen in the browser's own calendar; a name that stands in a field is marked when it is reached.
await test("/browser/walk/a-calendar-and-a-marked-name", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await page.goto("/ledger/case/add");
  await page.locator("[name=f-received_at]").fill("2023-12-20 09:00");
  await page.getByRole("button", { name: "日历: 收到时间" }).click();
  const picker = page.locator("body > .picker");
  must(await picker.inputValue() === "2023-12-20T09:00", "the calendar does not begin with what was typed");
  await picker.evaluate((input) => {
    input.value = "2023-12-21T10:30";
    for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind));
  });
  must(await page.locator("[name=f-received_at]").inputValue() === "2023-12-21 10:30", "what was chosen is not there");
  must(await page.evaluate(() => document.activeElement.name) === "f-received_at", "the focus is not back");
  await page.locator("[name=f-handler]").click();
  const marked = await page.locator("[name=f-handler]").evaluate((input) => input.selectionEnd - input.selectionStart);
  must(marked === (await page.locator("[name=f-handler]").inputValue()).length && marked > 0, "the name is not marked");
  must(page.faults.length === 0, page.faults.join("\n"));
  await page.context().close();
});

// Of chosen files one by one can be taken out, an empty one before it is sent.
await test("/browser/walk/a-chosen-file-is-left-out", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await page.goto("/ledger/case/add");
  await page.locator("[name=f-title]").fill("附材料的诉求");
  await page.locator("[name=f-received_at]").fill("2023-12-28 09:00");
  await page.getByRole("button", { name: "登记并附材料" }).click();
  await page.waitForURL("**/entry/*");
  must(await page.evaluate(() => document.activeElement.id) === "file", "the focus is not where files are chosen");
  await page.locator("#file").setInputFiles(["照片一.jpg", "空.txt", "照片二.jpg"].map((name) => (
    { name, mimeType: "text/plain", buffer: Buffer.from(name === "空.txt" ? "" : name) })));
  must(!await page.locator("#file").evaluate((input) => input.validity.valid), "an empty file may be sent");
  await page.getByRole("button", { name: "删除: 空.txt" }).click();
  await page.getByRole("button", { name: "上传", exact: true }).click();
  await page.getByText("已上传2个文件").waitFor();
  must(page.faults.length === 0, page.faults.join("\n"));
  await page.context().close();
});

await test("/browser/walk/all-faults-at-once", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await page.goto("/ledger/case/add");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await shoot(page, demo, "refused");
  const links = await page.getByRole("alert").getByRole("link").allTextContents();
  must(links.length >= 2, `told only: ${links.join(", ")}`);
  must(await page.evaluate(() => document.activeElement.matches("[role=alert]")), "the focus is not on what is wrong");
  await keyboard.press(page.getByRole("alert").getByRole("link", { name: links[0] }));
  must(await page.evaluate(() => document.activeElement.matches("[aria-invalid]")), "the link does not lead to the field");
  must(page.faults.length === 0, page.faults.join("\n"));
});

// What the server would refuse as too large is not sent: what was typed stays, and the page says so.
await test("/browser/walk/too-much-is-not-sent", async () => {
  const page = await newPage(browser, demo);
  await signIn(page, demo, "demo-clerk-1");
  await page.goto("/ledger/case/import");
  const text = "标题\n" + "路灯不亮\n".repeat(700000);
  await page.locator("textarea[name=pasted]").evaluate((area, value) => {
    area.hidden = true; /* nobody waits for so much to be laid out */
    area.value = value;
  }, text);
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.locator(".notice.late", { hasText: "尚未提交" }).waitFor();
  const left = await page.locator("textarea[name=pasted]").evaluate((area) => area.value.length);
  must(left === text.length, "what was typed is gone");
});

await test("/browser/walk/wrong-password-says-so", async () => {
  const page = await newPage(browser, demo);
  await page.goto("/sign-in");
  await page.locator("input[name=name]").fill("demo-clerk-1");
  await page.locator("input[name=password]").fill("not-it");
  await page.locator("input[name=password]").press("Enter");
  await page.getByRole("alert").waitFor();
  must(await page.locator("input[name=name]").inputValue() === "demo-clerk-1", "the account has to be typed again");
});

await test("/browser/walk/a-page-asks-to-sign-in", async () => {
  const page = await newPage(browser, demo);
  await page.goto("/entry/SQ2023-00001");
  must(new URL(page.url()).pathname === "/sign-in", `came to ${page.url()}`);
});

await test("/browser/walk/english", async () => {
  const page = await newPage(browser, demo);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "English" }).click();
  await page.waitForURL("**/sign-in*");
  must(await page.locator("html").getAttribute("lang") === "en", "the page does not say that it is English");
  must(await page.getByRole("button", { name: "中文" }).count() === 1, "there is no way back");
});

await browser.close();
await test("/browser/walk/server-ends-well", async () => {
  const status = await demo.stop();
  must(status === 0 && !/ERROR: AddressSanitizer|runtime error/.test(demo.log()),
    `the server ended with ${status}; see ${demo.shots}/server.log`);
});
finish();
