// Plays the scenes and saves their pictures beside this file.
//
//   node shoot.mjs WORK [SCENE...]     WORK/bin holds the program
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
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

// film takes a picture whenever the screen has changed, until cut makes a GIF of
// them, each shown for as long as it stood.
function film(screen, file) {
  const folder = join(work, `film-${file}`)
  mkdirSync(folder, { recursive: true })
  const frames = []
  let on = true
  const rolling = (async () => {
    for (let last = -1; on; await new Promise((next) => setTimeout(next, filmStep))) {
      if (screen.outputs === last) continue
      last = screen.outputs
      const name = `${String(frames.length).padStart(4, '0')}.png`
      await screen.save(join(folder, name))
      frames.push({ name, at: Date.now() })
    }
  })()
  return async () => {
    await screen.rest(filmEnd)
    on = false
    await rolling
    const list = frames.map(({ name, at }, i) => {
      const stood = i + 1 < frames.length ? frames[i + 1].at - at : filmEnd
      return `file '${name}'\nduration ${(stood / 1000).toFixed(2)}`
    })
    writeFileSync(join(folder, 'list.txt'), `${list.join('\n')}\nfile '${frames.at(-1).name}'\n`)
    execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-f', 'concat', '-i', join(folder, 'list.txt'), '-filter_complex',
      `scale=${filmWidth}:-1:flags=lanczos,split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none:diff_mode=rectangle`,
      '-fps_mode', 'vfr', join(here, file)])
    console.log(`${file} made of ${frames.length} frames`)
  }
}

const filmStep = 120 // ms between two looks at the screen
const filmEnd = 2500 // ms that the last frame stands
const filmWidth = 1108 // pixels

let cut // ends the film that is being made

async function play(screen, step) {
  if (step.film) return (cut = film(screen, step.film))
  if (step.cut) return cut()
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
