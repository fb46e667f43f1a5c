// Plays the scenes and saves their pictures beside this file.
//
//   node shoot.mjs WORK [SCENE...]     WORK/bin holds the program
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { scenes } from './scenes.mjs'
import { Screen, browserFlags } from './terminal.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const [work, ...names] = process.argv.slice(2)
const named = { enter: '\r', esc: '\x1b', tab: '\t', space: ' ', up: '\x1b[A', down: '\x1b[B', 'ctrl+p': '\x10' }

// A home of its own, and nothing of this terminal's: the pictures are to be the
// same wherever they are taken.
const home = join(work, 'home')
mkdirSync(home, { recursive: true })
const env = {
  PATH: `${join(work, 'bin')}:${process.env.PATH}`, HOME: home,
  TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', TZ: 'UTC',
}

async function pressAll(screen, keys) {
  for (const key of keys.split(' ')) await screen.press(named[key] ?? key)
}

async function play(screen, step) {
  if (step.see) return screen.until(`«${step.see}»`, (lines) => lines.some((line) => line.includes(step.see)))
  if (step.shot) {
    // A finished row stands out for two seconds.
    await screen.rest(2500)
    await screen.save(join(here, step.shot))
    return console.log(`${step.shot} saved`)
  }
  if (!step.until) return pressAll(screen, step.keys)
  const reached = async () => (await screen.lines()).some((line) => step.until.test(line))
  for (let presses = 0; !(await reached()); presses++) {
    if (presses === 100) throw new Error(`${step.keys} was pressed ${presses} times without ${step.until}:\n${(await screen.lines()).join('\n')}`)
    await pressAll(screen, step.keys)
  }
}

const unknown = names.filter((name) => !(name in scenes))
if (!work || unknown.length) {
  console.error(unknown.length ? `no scene is called ${unknown.join(' or ')}` : 'usage: node shoot.mjs WORK [SCENE...]')
  process.exit(2)
}
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromiumSandbox: process.getuid?.() !== 0, args: browserFlags })
try {
  for (const name of names.length ? names : Object.keys(scenes)) {
    const screen = await Screen.open(browser, scenes[name], { ...env, ...scenes[name].env })
    try {
      for (const step of scenes[name].steps) await play(screen, step)
    } catch (error) {
      throw new Error(`scene ${name}: ${error.message}`)
    } finally {
      await screen.close()
    }
  }
} finally {
  await browser.close()
}
