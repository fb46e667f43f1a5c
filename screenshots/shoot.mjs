// Plays the scenes and saves their pictures beside this file.
//
//   node shoot.mjs WORK [SCENE...]     WORK/bin holds the program
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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

// film lets time pass step by step until the screen shows a text, and makes a GIF
// of what it showed before: each frame stands for as many steps as it was there.
async function film(screen, { film: file, step, to, also = {} }) {
  const folder = join(work, `film-${file}`)
  mkdirSync(folder, { recursive: true })
  const frames = []
  const shows = async (text) => (await screen.lines()).some((line) => new RegExp(text).test(line))
  let drawn = -1 // what the program had written by the last frame
  await screen.idle(settles)
  for (let taken = 0; ; taken++) {
    if (taken === filmMost) throw new Error(`${file}: ${taken} steps without «${to}»`)
    const over = await shows(to)
    const name = `${String(frames.length).padStart(4, '0')}.png`
    const same = drawn === screen.outputs || !(await differs(screen, join(folder, name), frames.at(-1)))
    drawn = screen.outputs
    if (same) frames.at(-1).stood += step
    else frames.push({ name, picture: readFileSync(join(folder, name)), stood: step })
    for (const text of Object.keys(also)) {
      if (!(await shows(text))) continue
      await screen.save(join(here, also[text]))
      console.log(`${also[text]} saved`)
      delete also[text]
    }
    if (over) break
    await screen.step(f9, settles)
  }
  if (Object.keys(also).length) throw new Error(`${file}: the screen never showed ${Object.keys(also)}; it shows\n${(await screen.lines()).join("\n")}`)
  frames.at(-1).stood = filmEnd
  const list = frames.map(({ name, stood }) => `file '${name}'\nduration ${(stood / 1000).toFixed(2)}`)
  writeFileSync(join(folder, 'list.txt'), `${list.join('\n')}\nfile '${frames.at(-1).name}'\n`)
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-f', 'concat', '-i', join(folder, 'list.txt'), '-filter_complex',
    `scale=${filmWidth}:-1:flags=lanczos,split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none:diff_mode=rectangle`,
    '-threads', '1', '-fps_mode', 'vfr', join(here, file)])
  console.log(`${file} made of ${frames.length} frames`)
}

// differs saves a frame, and reports whether it shows something else than the last.
async function differs(screen, file, last) {
  await screen.save(file)
  return !last?.picture.equals(readFileSync(file))
}

const f9 = '\x1b[20~'
const settles = 250 // ms in which what a step has brought about is done
const filmMost = 1000 // steps
const filmEnd = 2500 // ms that the last frame stands
const filmWidth = 1108 // pixels

async function play(screen, step) {
  if (step.film) return film(screen, step)
  if (step.see) return screen.until(`«${step.see}»`, (lines) => lines.some((line) => line.includes(step.see)), { seconds: 60 })
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
