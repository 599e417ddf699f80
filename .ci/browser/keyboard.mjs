// A walk with the keyboard alone: skip link, a question answered with keys, the next one, a lab line run and left again.
//
//   node keyboard.mjs BASE_URL
import { chromium } from 'playwright-core';

const base = process.argv[2];
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })).newPage();
page.setDefaultTimeout(15000);
let failed = 0;
const is = (ok, what, got = '') => { if (!ok) failed++; console.log(`${ok ? 'ok' : 'FAIL'} ${what}${ok ? '' : `: ${got}`}`); };
const focused = () => page.evaluate(() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e.closest('.term__in') ?? e); // the console shows its focus on the whole line
  return { text: (e.getAttribute('aria-label') || e.innerText || e.value || e.tagName).trim().slice(0, 60), tag: e.tagName, href: e.getAttribute('href') ?? '',
    seen: box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0, ring: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
});
// tabTo presses Tab until something with that text has the focus; every stop must be visible and show its focus.
async function tabTo(text, most = 60) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const at = await focused();
    if (at.tag === 'BODY') continue;
    if (!at.seen || !at.ring) is(false, `focus on "${at.text}" can be seen`, JSON.stringify(at));
    if (at.text.includes(text)) return true;
  }
  is(false, `Tab reaches "${text}"`, JSON.stringify(await focused()));
  return false;
}

try {
  await page.goto(base + '/');
  await page.keyboard.press('Tab');
  is((await focused()).text === 'Skip to content', 'the first stop is the skip link', (await focused()).text);
  await page.keyboard.press('Enter');
  is(page.url().endsWith('#main'), 'the skip link goes to the content', page.url());
  await tabTo('Start with a question');
  await page.keyboard.press('Enter');
  await page.locator('form[data-question]').waitFor();
  const wanted = await page.locator('form[data-question] input[name=option][type=checkbox]').count() ? 3 : 1;
  for (let n = 1; n <= wanted; n++) await page.keyboard.press(String(n));
  is((await page.locator('input[name=option]:checked').count()) >= 1, 'a digit chooses an option');
  await page.keyboard.press('Enter');
  await page.locator('.finding, [role=alert]').first().waitFor();
  if (await page.locator('[role=alert]').count()) { // the question wanted two
    await page.keyboard.press('3');
    await page.keyboard.press('Enter');
    await page.locator('.finding').waitFor();
  }
  is(true, 'Enter checks the answer');
  const answered = page.url();
  await page.keyboard.press('n');
  await page.locator('form[data-question]').waitFor();
  is(page.url() !== answered, 'N goes to the next question');

  await page.goto(base + '/labs/sse-c-by-hand');
  await tabTo('the lab');
  await page.keyboard.press('Enter');
  await page.locator('textarea[name=line]').waitFor();
  await tabTo('Command line', 120);
  await page.keyboard.type('aws s3 ls s3://vault --profile app');
  await page.keyboard.press('Enter');
  await page.locator('.term__cmd', { hasText: 'aws s3 ls' }).last().waitFor();
  is(true, 'Enter runs the line');
  await page.locator('textarea[name=line]').focus();
  await page.keyboard.press('Tab');
  is((await focused()).tag !== 'TEXTAREA', 'Tab leaves the console: it is no trap', JSON.stringify(await focused()));
  await page.locator('.pane--xray [role=tab][aria-selected=true]').focus();
  await page.keyboard.press('ArrowRight');
  is((await focused()).text === 'Wire', 'arrows move between the tabs', JSON.stringify(await focused()));
} catch (e) {
  is(false, 'the walk', e.stack);
}
await browser.close();
process.exit(failed ? 1 : 0);
