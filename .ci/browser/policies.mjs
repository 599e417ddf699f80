// The policy explainer in real Chromium: with the keyboard alone, without JavaScript, and every state of it looked at by axe
// in light and dark, wide and narrow.
//
//   node policies.mjs BASE_URL OUT_DIR
import { chromium } from 'playwright-core';
import AxeBuilder from '@axe-core/playwright';
import path from 'node:path';

const [base, out] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let failed = 0;
const is = (ok, what, got = '') => { if (!ok) failed++; console.log(`${ok ? 'ok' : 'FAIL'} ${what}${ok ? '' : `: ${got}`}`); };
const problems = [];
async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 422/.test(m.text())) problems.push(`console: ${m.text()}`); });
  page.on('pageerror', (e) => problems.push(`script: ${e.message}`));
  return page;
}
const said = async (page) => (await page.locator('#part-answer [role=status]').innerText()).replace(/\s+/g, ' ').trim();
async function says(page, want, what) {
  try {
    await page.waitForFunction((w) => document.querySelector('#part-answer [role=status]')?.innerText.replace(/\s+/g, ' ').includes(w), want);
    is(true, what);
  } catch {
    is(false, what, await said(page));
  }
}
const focused = (page) => page.evaluate(() => {
  let e = document.activeElement;
  while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  const host = e.getRootNode().host ?? e;
  const style = getComputedStyle(host);
  const box = host.getBoundingClientRect();
  return { text: (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.tagName).trim().slice(0, 70), tag: e.tagName,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight, ring: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
});
async function tabTo(page, text, most = 90) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tag === 'BODY') continue;
    if (!at.seen || !at.ring) is(false, `focus on "${at.text}" can be seen`, JSON.stringify(at));
    if (at.text.includes(text)) return true;
  }
  is(false, `Tab reaches "${text}"`, JSON.stringify(await focused(page)));
  return false;
}
const scripts = [];

async function keyboard() {
  const page = await open();
  page.on('request', (r) => scripts.push(r.url()));
  await page.goto(base + '/');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.waitForURL('**/policies');
  is(true, 'g then o goes to the policies');
  await says(page, 'No. Line 19 refuses it: the encryption header is AES256', 'the first answer names line 19');
  await page.evaluate(() => { window.stayed = true; });
  await tabTo(page, 'Principal');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('role/ledger-writer');
  await tabTo(page, 'Encryption header');
  await page.keyboard.type('aws:kms'); // chooses the option that begins so
  await page.keyboard.press('Tab');
  await says(page, 'Yes. Line', 'another caller and another header change the answer');
  is(await page.evaluate(() => window.stayed === true), 'without loading the page again');
  is(page.url().includes('who=role%2Fledger-writer') && page.url().includes('sending=aws%3Akms'), 'the address is that of the question', page.url());
  is(await page.locator('[id^=part-code-] .ln[data-hit=culprit]').count() === 1, 'one line is marked, in the policy that decided');
  is(!scripts.some((u) => u.includes('codemirror')), 'the editor is not loaded yet');
  await tabTo(page, 'Send it for real');
  await page.keyboard.press('Enter');
  await page.locator('#part-sent .verdict').waitFor();
  is(true, 'Enter sends the real request and its X-ray appears in place');
  await tabTo(page, 'Edit this policy');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Bucket policy, JSON');
  await page.locator('.pol__cm').waitFor();
  is(scripts.some((u) => u.includes('codemirror')), 'the editor is loaded when its field is entered');
  const look = await page.evaluate(() => {
    const root = document.querySelector('.pol__cm').shadowRoot;
    const gutter = root.querySelector('.cm-lineNumbers'), content = root.querySelector('.cm-content'), key = [...root.querySelectorAll('.cm-line span')].find((s) => s.textContent === '"Version"');
    return { gutter: gutter?.getBoundingClientRect().width, font: getComputedStyle(content).fontFamily, editor: getComputedStyle(root.querySelector('.cm-editor')).display, key: key && getComputedStyle(key).color, plain: getComputedStyle(content).color };
  });
  is(look.gutter > 10 && look.font.includes('Mono') && look.key && look.key !== look.plain, 'the editor is laid out and coloured under the strict policy', JSON.stringify(look));
  is((await focused(page)).text.includes('Bucket policy, JSON'), 'the focus went into the editor', JSON.stringify(await focused(page)));
  await page.screenshot({ path: path.join(out, 'policies-editor-light-1440.png'), fullPage: true });
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"Version":"2012-10-17","Statement":[{"Sid":"Closed","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::ledger-prod/*"}]}');
  await page.keyboard.press('Tab');
  is(!(await focused(page)).text.includes('Bucket policy, JSON'), 'Tab leaves the editor: it is no trap', JSON.stringify(await focused(page)));
  await says(page, 'refuses it: Closed denies', 'leaving the editor asks again');
  await page.locator('.pol__cm').first().click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"Version": oops}');
  await page.locator('.pol__cm .cm-lintRange-error, .pol__cm .cm-lint-marker-error').first().waitFor();
  is(true, 'what is no JSON is marked while it is written');
  await page.keyboard.press('Tab');
  await says(page, 'Not judged. Line 1 of the bucket policy is not valid', 'and nothing is claimed about it');
  await page.goto(base + '/policies');
  await tabTo(page, 'Example');
  await page.keyboard.type('The root');
  await page.waitForURL('**example=root-user*');
  await says(page, 'Yes. No line is needed', 'an example is chosen with the keyboard');
  await page.context().close();
}

async function withoutScripts() {
  const page = await open({ javaScriptEnabled: false });
  const text = async () => (await page.locator('#part-answer [role=status]').innerText()).replace(/\s+/g, ' ');
  await page.goto(base + '/policies');
  await page.selectOption('select[name=example]', 'boundary-cut');
  await page.click('text=Load it');
  is((await text()).includes('The permissions boundary leaves s3:DeleteObject out'), 'no JavaScript: an example is loaded', await text());
  await page.fill('input[name=do]', 's3:GetObject');
  await page.click('#ask button:not([name])');
  is((await text()).startsWith('Yes.'), 'no JavaScript: another action', await text());
  await page.click('#edit-identity > summary');
  await page.fill('textarea[name=identity]', `{"Version":"2012-10-17","Statement":[{"Sid":"${'x'.repeat(9000)}","Effect":"Allow","Action":"s3:Put*","Resource":"*"}]}`);
  await page.locator('#edit-identity button').click();
  is((await text()).startsWith('No.'), 'no JavaScript: a document is edited in its field', await text());
  is(await page.locator('#ask').getAttribute('method') === 'post', 'no JavaScript: a long situation is posted from then on');
  await page.click('#ask button[name=send]');
  is(await page.locator('#part-sent .verdict, #part-sent .note').count() > 0, 'no JavaScript: the real request is sent by a form');
  await page.goto(base + '/policies?example=tls-misses-the-bucket');
  await page.click('.find button[name=fix]');
  is((await text()).includes('comes over plain HTTP'), 'no JavaScript: the fix is applied', await text());
  await page.goto(base + '/policies?example=malformed');
  is(await page.locator('.pol [role=alert]').isVisible() && await page.locator('textarea[name=bucket]').isVisible(), 'no JavaScript: a malformed document says so, and its field is open');
  await page.context().close();
}

const states = {
  'first': '/policies', 'sent': '/policies?example=kms-only&send=1', 'boundary': '/policies?example=boundary-cut', 'both': '/policies?example=both-accounts&send=1',
  'malformed': '/policies?example=malformed', 'unanswered': '/policies?who=nobody%2Fat%2Fall&do=s3&on=&conditions=x', 'key': '/policies?example=key-policy',
};

async function clean() {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of [[1440, 900], [390, 844], [320, 640]]) {
      const page = await open({ colorScheme, viewport: { width, height } });
      for (const [n, [name, where]] of Object.entries(states).entries()) {
        // Each state in both themes and both sizes; every pair of them takes twice the time.
        const pair = (n + (colorScheme === 'dark') + (width === 390)) % 2 === 0;
        if (!pair && width !== 320 && process.env.KEYHOLE_SCREENS !== 'all') continue;
        await page.goto(base + where);
        const title = `${name}, ${colorScheme}, ${width}`;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) is(false, title, `${wide} px wider than the window`);
        if (width === 320) continue;
        await page.screenshot({ path: path.join(out, `policies-${name}-${colorScheme}-${width}.png`), fullPage: true });
        await page.evaluate(() => { for (const d of document.querySelectorAll('main details')) d.open = true; });
        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
        is(violations.length === 0, `axe: ${title}`, JSON.stringify(violations.map((v) => [v.id, v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160))])));
      }
      await page.context().close();
    }
  }
}

for (const [what, walk] of [['keyboard', keyboard], ['without scripts', withoutScripts], ['clean', clean]]) {
  try {
    await walk();
  } catch (e) {
    is(false, what, e.stack);
  }
}
is(problems.length === 0, 'nothing was reported by the browser', problems.join('\n'));
await browser.close();
process.exit(failed ? 1 : 0);
