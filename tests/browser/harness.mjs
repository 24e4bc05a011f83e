// What the browser tests share: a demo office that is served, a browser, TAP.
//
// usage of each test: node NAME.mjs PROGRAM SOURCE BUILD
// Screenshots and what the server said stay in BUILD/browser/NAME/.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

export const [program, source, build] = process.argv.slice(2).map((name) => path.resolve(name));
export const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

function skipAll(why) {
  console.log(`1..0 # SKIP ${why}`);
  process.exit(0);
}

/** Load a package of BUILD/browser, or skip every test where it is not there. */
export function load(name) {
  try {
    return createRequire(path.join(build, "browser", "package.json"))(name);
  } catch {
    return skipAll(`${name} is not installed (make test does it, where npm can be had)`);
  }
}

let number = 0;
let nFailed = 0;

/** Run one test; what it throws is its failure, and the next one still runs.  ONLY, a pattern of names in the
 * environment, leaves out the others. */
export async function test(name, run) {
  if (!new RegExp(process.env.ONLY ?? "").test(name)) {
    return;
  }
  number += 1;
  try {
    await run();
    console.log(`ok ${number} ${name}`);
  } catch (fault) {
    nFailed += 1;
    console.log(`not ok ${number} ${name}`);
    for (const line of String(fault.stack ?? fault).split("\n")) {
      console.log(`# ${line}`);
    }
  }
}

export function finish() {
  console.log(`1..${number}`);
  process.exitCode = nFailed > 0 ? 1 : 0;
}

/** An office in a folder of its own, served on a free port until stop(). */
export class Demo {
  /** The demo office, with its accounts. */
  static async start(title) {
    const demo = Demo.prepare(title);
    demo.run("demo", "office");
    await demo.serve("--demo");
    return demo;
  }

  /** An office of which nothing is recorded yet, with one person, whose account is "fresh". */
  static async startFresh(title) {
    const demo = Demo.prepare(title);
    const password = "Xiangshan-2023";
    demo.run("init", "office", "--name", "新成立的办公室");
    demo.run("person", "add", "office", "甄有才", "--unit", "新成立的办公室", "--role", "secretary");
    demo.run("user", "add", "office", "fresh", "--person", "甄有才", { input: `${password}\n` });
    demo.run("user", "activate", "office", "fresh");
    await demo.serve();
    demo.accounts = { fresh: password };
    return demo;
  }

  static prepare(title) {
    const demo = new Demo();
    demo.home = fs.mkdtempSync(path.join(os.tmpdir(), "shuzhi-browser-"));
    demo.shots = path.join(build, "browser", title);
    fs.rmSync(demo.shots, { recursive: true, force: true });
    fs.mkdirSync(demo.shots, { recursive: true });
    demo.environment = { ...process.env, SHUZHI_KEYS: path.join(demo.home, "keys"), SHUZHI_LANGUAGE: "en" };
    return demo;
  }

  /** Run a command of the program; a last argument that is no text says what it is given. */
  run(...words) {
    const given = typeof words.at(-1) === "object" ? words.pop() : {};
    const done = spawnSync(program, words, { cwd: this.home, env: this.environment, encoding: "utf8", ...given });
    if (done.status !== 0) {
      throw new Error(`shuzhi ${words.join(" ")}: ${done.stderr}`);
    }
    return done.stdout;
  }

  async serve(...options) {
    const log = fs.openSync(path.join(this.shots, "server.log"), "a");
    this.server = spawn(program, ["serve", path.join(this.home, "office"), ...options, "--port", "0"],
      { env: this.environment, stdio: ["ignore", "pipe", log] });
    fs.closeSync(log);
    this.accounts = {};
    let said = "";
    await new Promise((resolve, reject) => {
      this.server.stdout.setEncoding("utf8");
      this.server.stdout.on("data", (text) => {
        said += text;
        this.base = said.match(/https?:\/\/[^\s/]+/)?.[0];
        for (const [, name, password] of said.matchAll(/(demo-[a-z0-9-]+) +(\S+)\n/g)) {
          this.accounts[name] = password;
        }
        if (this.base && (options.length === 0 || this.accounts["demo-system"])) {
          resolve();
        }
      });
      this.server.on("exit", (status) => reject(new Error(`shuzhi serve ended with ${status}: ${said}`)));
    });
  }

  /** Stop the server and return its exit status: not 0 also when a sanitizer found something. */
  async stop() {
    const ended = new Promise((resolve) => this.server.on("exit", (status) => resolve(status)));
    this.server.kill("SIGTERM");
    const status = await ended;
    fs.rmSync(this.home, { recursive: true, force: true });
    return status;
  }

  log() {
    return fs.readFileSync(path.join(this.shots, "server.log"), "utf8");
  }
}

/** Start the browser, or skip every test where there is none. */
export async function startBrowser() {
  const { chromium } = load("playwright-core");
  const executablePath = CHROMIUM.find((name) => fs.existsSync(name));
  if (!executablePath) {
    skipAll("there is no chromium here");
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** A fresh visitor; faults of its pages (scripts, the policy of what may be loaded) are collected in page.faults. */
export async function newPage(browser, demo, options = {}) {
  const context = await browser.newContext(
    { baseURL: demo.base, viewport: WIDTHS.desktop, locale: "zh-CN", ...options });
  context.setDefaultTimeout(30000);
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    // A page that answers 4xx on purpose is no fault of the page.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) {
      page.faults.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => page.faults.push(`${page.url()}: ${error}`));
  return page;
}

export async function signIn(page, demo, account) {
  await page.goto("/sign-in");
  await page.locator("input[name=name]").fill(account);
  await page.locator("input[name=password]").fill(demo.accounts[account]);
  await page.locator("input[name=password]").press("Enter");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  if (new URL(page.url()).pathname === "/me") { // somebody else gave the password: it is changed first
    await changePassword(page, demo, account);
  }
  await page.waitForURL((url) => url.pathname === "/");
}

/** Give the account a password of its own, as the page asks for. */
async function changePassword(page, demo, account) {
  const form = page.locator("form[action='/me/password']");
  const own = `${demo.accounts[account]}-own`;
  await form.locator("[name=own]").fill(demo.accounts[account]);
  await form.locator("[name=password]").fill(own);
  await form.locator("[name=again]").fill(own);
  await form.locator("button").first().click();
  demo.accounts[account] = own;
  await page.waitForLoadState();
  await page.goto("/");
}

export async function shoot(page, demo, name) {
  await page.screenshot({ path: path.join(demo.shots, `${name}.png`), fullPage: true });
}
