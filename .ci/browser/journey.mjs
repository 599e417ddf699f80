// The whole journey of a newcomer in real Chromium, with and without JavaScript:
// a note, a question answered wrong then right, its proof run and edited, a lab failed then passed, progress shown,
// the server killed with -9 and started again, progress still there.
//
//   node journey.mjs BINARY [--no-js]
//
// BINARY runs with KEYHOLE_TEST_IS_PROGRAM=1 so that a Go test binary can stand in for it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { chromium } from 'playwright-core';

const [binary, ...flags] = process.argv.slice(2);
const js = !flags.includes('--no-js');
const data = fs.mkdtempSync(path.join(os.tmpdir(), 'keyhole-journey-'));
const solution = fs.readFileSync(new URL('../../content/labs/lg05/solution.sh', import.meta.url), 'utf8')
  .split('\n').filter((l) => l && !l.startsWith('#'));

let server;
async function start() {
  server = spawn(binary, ['serve', '--quiet', '--data', data, '--listen', '127.0.0.1:0', '--http', '127.0.0.1:0', '--tls', '127.0.0.1:0'],
    { env: { ...process.env, KEYHOLE_TEST_IS_PROGRAM: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of readline.createInterface({ input: server.stdout })) {
    const found = line.match(/Study\s+(\S+)/);
    if (found) return found[1];
  }
  throw new Error('the server did not start');
}

let done = 0;
function is(ok, what, got) {
  if (!ok) throw new Error(`${what}: got ${JSON.stringify(got)}`);
  done++;
  console.log(`ok ${what}`);
}
const has = async (page, selector, text, what) => {
  const all = (await page.locator(selector).allInnerTexts()).join('\n');
  is(all.includes(text), what ?? `${selector} says "${text}"`, all.slice(0, 400));
};

async function note(page, base) {
  await page.goto(base + '/');
  await has(page, 'h1', 'Six questions will tell us where to start'.slice(0, 13));
  await page.getByRole('link', { name: 'Notes', exact: true }).first().click();
  await page.getByRole('link', { name: /customer keys/i }).first().click();
  await page.getByRole('button', { name: /^Prove it/ }).first().click();
  await page.locator('.proof').first().waitFor();
  await has(page, '.proof .verdict__code', '403 AccessDenied', 'the first claim of the note runs and is refused');
}

async function answer(page, base, option) {
  await page.goto(base + '/practice/ssec-key-per-version');
  await page.locator(`input[name=option][value=${option}]`).check({ force: true });
  await page.locator('input[name=sure][value=certain]').check({ force: true });
  await page.getByRole('button', { name: /^Check/ }).click();
  await page.locator('.finding').waitFor();
}

async function question(page, base) {
  await answer(page, base, 'key-b');
  await has(page, '.finding', 'Not right', 'a wrong answer is called that');
  await has(page, '.option[data-state=right] .option__flag', 'Correct', 'the right option is shown');
  is((await page.locator('.option__why').count()) >= 4, 'every option has its reason', await page.locator('.option__why').count());
  await has(page, '.proof', 'The claim holds', 'the proof has run');

  const at = page.url();
  await page.reload();
  is(page.url() === at, 'reload stays on the answer', page.url());
  await page.goBack();
  if (await page.locator('.finding').count()) is(true, 'the back button does not answer again');
  else { await page.reload(); is((await page.locator('.finding').count()) === 1, 'the back button comes to the same answer', page.url()); }
  await page.goto(at);

  await page.getByRole('link', { name: /run the control/ }).click();
  await has(page, '.proof', 'With that one change the answer is another', 'the control answers differently');
  await page.getByRole('link', { name: /Run it as written/ }).click();
  const step = page.locator('details.pstep[data-deciding]').first();
  await step.locator('summary').first().click();
  await step.locator('select[name=over]').selectOption('http');
  await step.getByRole('button', { name: 'Run again' }).click();
  await page.getByText('Your version, run just now').waitFor();
  await has(page, '.proof .verdict__code', '400', 'the edited request is refused over plain HTTP');

  await answer(page, base, 'key-a');
  await has(page, '.finding', 'Right', 'a right answer is called that');
}

async function type(page, line) {
  const field = page.locator('textarea[name=line]');
  await field.fill(line);
  const before = await page.locator('.term__block').count();
  if (js) await field.press('Enter');
  else await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForFunction((n) => [...document.querySelectorAll('.term__cmd')].length >= n, Math.min(before, 100), { timeout: 15000 }).catch(() => {});
  await page.locator('.term__cmd', { hasText: line.slice(0, 60) }).last().waitFor();
  await page.waitForLoadState('load');
}

async function lab(page, base) {
  await page.goto(base + '/labs');
  await page.getByRole('link', { name: /SSE-C by hand/ }).first().click();
  await page.getByRole('button', { name: /Start the lab/ }).click();
  await page.locator('.lab').waitFor();
  await page.locator('.predictform input[type=radio]').first().check({ force: true });
  await page.getByRole('button', { name: 'Keep my prediction' }).click();
  await has(page, '.step[data-state=now]', 'You predicted', 'the prediction is kept');
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await page.locator('.report').waitFor();
  is((await page.locator('.report li[data-ok=false]').count()) > 0, 'the untouched lab does not pass', 0);
  await type(page, solution[0]);
  await has(page, '.term__out', 'An error occurred (AccessDenied) when calling the PutObject operation', 'the console shows the refusal as the CLI does');
  await has(page, '.pane--xray .verdict__say', 'This bucket refuses SSE-C uploads.', 'the X-ray says why');
  for (const line of solution.slice(1)) await type(page, line);
  await page.goto(base + '/labs/sse-c-by-hand/run');
  is((await page.locator('.step[data-state=done]').count()) === (await page.locator('.step').count()), 'every step is done', await page.locator('.step[data-state=done]').count());
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await page.locator('.report').waitFor();
  is((await page.locator('.report li[data-ok=false]').count()) === 0, 'the lab passes', await page.locator('.report').innerText());
}

const progress = async (page, base) => {
  await page.goto(base + '/progress');
  return (await page.locator('main').innerText()).replace(/\s+/g, ' ');
};

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let failed = 0;
try {
  let base = await start();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, javaScriptEnabled: js, reducedMotion: 'reduce' });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) { failed++; console.log(`FAIL console: ${m.text()}`); } });
  page.on('pageerror', (e) => { failed++; console.log(`FAIL script: ${e.message}`); });
  await note(page, base);
  await question(page, base);
  await lab(page, base);
  const before = await progress(page, base);
  is(/SSE-C by hand/.test(before) && /passed/i.test(before), 'progress shows the lab', before.slice(0, 300));
  server.kill('SIGKILL');
  await new Promise((r) => server.once('exit', r));
  base = await start();
  const after = await progress(page, base);
  is(after === before, 'after kill -9 the progress is the same', after.slice(0, 300));
  await page.goto(base + '/labs/sse-c-by-hand/run');
  is((await page.locator('.step[data-state=done]').count()) === (await page.locator('.step').count()), 'the lab is still done after kill -9', 0);
} catch (e) {
  failed++;
  console.log(`FAIL ${e.stack}`);
} finally {
  await browser.close();
  server?.kill('SIGKILL');
  fs.rmSync(data, { recursive: true, force: true });
}
console.log(`${done} checks held, ${failed} failed, JavaScript ${js ? 'on' : 'off'}`);
process.exit(failed ? 1 : 0);
