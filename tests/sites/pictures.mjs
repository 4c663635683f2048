// Photographs pages in headless Chromium. Reads a JSON job on standard input: the address of the site, the folder to
// write to, and for each picture its name, page, size and scheme; `search` is typed into the search page first.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--hide-scrollbars", "--font-render-hinting=none"],
});
for (const { name, path, width, height, scheme, search, from } of job.shots) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    deviceScaleFactor: width < 500 ? 1.5 : 1,
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(job.base + path, { waitUntil: "load" });
  if (search) {
    await page.waitForSelector("form:not([hidden])");
    await page.fill("#q", search);
    await page.waitForFunction(() => document.querySelector("ol.list").childElementCount);
  }
  if (from) await page.locator(from).first().evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 16));
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${job.folder}/${name}.png` });
  await context.close();
}
await browser.close();
