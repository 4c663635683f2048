// Searches editions in headless Chromium, under each page's own policy. Reads a JSON job on standard input:
// the address of the site and what to ask where; writes what was found, asked for and complained of.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const report = [];
for (const { edition, query, filter, script } of job.asked) {
  const context = await browser.newContext({ javaScriptEnabled: script, viewport: { width: 800, height: 900 } });
  const page = await context.newPage();
  const seen = { outside: [], failed: [], console: [] };
  page.on("request", (request) => {
    if (!request.url().startsWith(job.base)) seen.outside.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) seen.failed.push(response.url());
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.console.push(message.text());
  });
  page.on("pageerror", (error) => seen.console.push(error.message));
  await page.goto(`${job.base}${edition}/search/index.html`, { waitUntil: "load" });
  if (script) {
    await page.waitForSelector("form:not([hidden])");
    if (query) await page.fill("#q", query);
    if (filter) await page.selectOption(`select[data-filter=${filter[0]}]`, filter[1]);
    await page.waitForFunction(() => document.querySelector("[role=status]").textContent);
    await page.waitForFunction(() => document.querySelector("ol.list").childElementCount || document.querySelector("[role=status]").textContent.startsWith("0"));
  }
  report.push({
    ...seen,
    form: await page.isVisible("form"),
    without: await page.isVisible(".without"),
    told: await page.textContent("[role=status]"),
    titles: await page.locator("ol.list h2").allTextContents(),
    links: await page.locator("ol.list h2 a").evaluateAll((all) => all.map((link) => link.href)),
    texts: await page.locator("ol.list li > p:first-of-type").allTextContents(),
    address: page.url(),
    markup: await page.locator("ol.list script, ol.list img, ol.list b").count(),
  });
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(report));
