// Writes in the browser editor in headless Chromium, as a person would. Reads a JSON job on standard input: the
// address that `newsrepo editor` printed, and what to do; writes what was shown, asked for and complained of.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext({ viewport: { width: 1100, height: 1400 }, timezoneId: "UTC" });
const page = await context.newPage();
const seen = { outside: [], failed: [], errors: [], told: [] };
const base = new URL(job.url).origin;
page.on("request", (request) => {
  if (!request.url().startsWith(base) && !/^(blob|data):/.test(request.url())) seen.outside.push(request.url());
});
page.on("response", (response) => {
  if (response.status() >= 400) seen.failed.push(`${response.status()} ${new URL(response.url()).pathname}`);
});
page.on("pageerror", (error) => seen.errors.push(error.stack ?? error.message));
page.setDefaultTimeout(20000);

await page.goto(job.url);
if (job.look) {
  await page.getByRole("button", { name: /login/i }).waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: job.picture });
  seen.shown = await page.locator("body").innerText();
  await browser.close();
  process.stdout.write(JSON.stringify(seen));
  process.exit(0);
}
await page.getByRole("button", { name: "Login" }).click();
await page.getByRole("link", { name: "Articles" }).waitFor();

const field = (label, which = "first") => page.getByLabel(new RegExp(`^${label}( \\(optional\\))?$`, "i"))[which]();
const steps = {
  open: async (where) => {
    await page.goto(`${base}/admin/#/collections/${where.split("/")[0]}`); // by way of the list, as people do
    await page.getByRole("link", { name: "Articles" }).waitFor();
    await page.goto(`${base}/admin/#/collections/${where}`);
    await page.getByRole("button", { name: /^Save/ }).first().waitFor();
    await page.waitForTimeout(300);
  },
  fill: async (label, text) => field(label).fill(text),
  write: async (text) => {
    const body = page.locator("[data-slate-editor]").first();
    await body.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(text);
  },
  choose: async (label, option, which) => {
    await field(label, which).click();
    await page.getByRole("option", { name: option }).first().click();
  },
  add: async (label) => page.getByRole("button", { name: label }).first().click(),
  upload: async (path) => {
    await page.getByRole("button", { name: /^Choose a file$/i }).first().click();
    await page.locator("input[type=file]").first().setInputFiles(path);
    await page.getByRole("button", { name: /^Choose selected$/i }).click();
  },
  shoot: async (path) => page.screenshot({ path }),
  save: async () => {
    const answer = page.waitForResponse((r) => r.request().postData()?.includes('"persistEntry"') ?? false);
    await page.getByRole("button", { name: /^Save/ }).first().click();
    await page.getByText("Save now").first().click();
    const response = await answer;
    const text = await response.text();
    seen.told.push([response.status(), JSON.parse(text)]);
    await page.waitForTimeout(600);
    if (response.status() !== 200) seen.shown = await page.locator("body").innerText();
  },
};
try {
  for (const [name, ...words] of job.steps) await steps[name](...words);
} catch (error) {
  seen.stopped = error.message;
  await page.screenshot({ path: job.picture });
}
await browser.close();
process.stdout.write(JSON.stringify(seen));
