// A terminal to take pictures of: xterm.js on a page of headless Chromium, with
// the program on a pty behind it. What the page shows is what the program wrote.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const source = (file) => readFileSync(require.resolve(file), 'utf8')

// What the terminal is like: a dark one and a light one. The program asks it for
// its background, and xterm.js answers with these colours.
const themes = {
  dark: {
    background: '#14161f', foreground: '#e4e7f2', cursor: '#6cc7f5', selectionBackground: '#2b3052',
    black: '#22263a', red: '#ff8a98', green: '#79dba0', yellow: '#f4c063',
    blue: '#8fb4ff', magenta: '#d6a6ff', cyan: '#6cc7f5', white: '#c9cee2',
    brightBlack: '#969cb8', brightRed: '#ffa5b0', brightGreen: '#9be8ba', brightYellow: '#f8d28a',
    brightBlue: '#b0caff', brightMagenta: '#e2c2ff', brightCyan: '#95d8fa', brightWhite: '#ffffff',
  },
  light: {
    background: '#ffffff', foreground: '#1e2233', cursor: '#0a68a8', selectionBackground: '#e4e8f4',
    black: '#1e2233', red: '#b3203a', green: '#14713f', yellow: '#8a5700',
    blue: '#2f55c9', magenta: '#7a3baf', cyan: '#0a68a8', white: '#e4e8f4',
    brightBlack: '#5c627c', brightRed: '#b3203a', brightGreen: '#14713f', brightYellow: '#8a5700',
    brightBlue: '#2f55c9', brightMagenta: '#7a3baf', brightCyan: '#0a68a8', brightWhite: '#ffffff',
  },
}

// Box-drawing characters join up only where xterm.js draws them itself, which
// it does on WebGL; SwiftShader is WebGL without a graphics card. The scale is
// the browser's own, because a canvas does not follow an emulated one.
export const browserFlags = [
  '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
  '--font-render-hinting=none', '--force-device-scale-factor=2', '--window-size=2600,1600',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

// In the page: makes the terminal and hands what it answers to window.reply.
async function setUp([cols, rows, theme]) {
  await document.fonts.load('16px "JetBrains Mono"')
  const term = new Terminal({
    cols, rows, theme, allowProposedApi: true, scrollback: 0, cursorBlink: false,
    fontFamily: '"JetBrains Mono", "DejaVu Sans Mono", monospace', fontSize: 15, lineHeight: 1.15,
  })
  window.term = term
  term.open(document.getElementById('screen'))
  term.loadAddon(new UnicodeGraphemesAddon.UnicodeGraphemesAddon())
  term.loadAddon(new WebglAddon.WebglAddon(true))
  term.onData((text) => window.reply(text))
  term.onBinary((text) => window.reply(text))
  term.focus()
}

// busy reports whether a thread of a process, or of one that it has started, runs
// or would like to (proc_pid_stat(5)).
function busy(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).some((task) => {
      const [state] = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').replace(/^.*\) /s, '')
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)
      return state === 'R' || state === 'D' || children.some(busy)
    })
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return true // a thread has just ended
    throw error
  }
}

export class Screen {
  #page
  #pty
  #drawn = Promise.resolve() // ends when all that the program wrote is drawn
  #outputs = 0
  #lastOutput = Date.now()
  #ended = false

  static async open(browser, { cols, rows, command, theme: name = 'dark' }, env) {
    const screen = new Screen()
    const theme = themes[name]
    const page = (screen.#page = await browser.newPage({ viewport: null }))
    await page.setContent(`<style>${source('@xterm/xterm/css/xterm.css')}
      body { margin: 0; background: ${theme.background} }
      #screen { display: inline-block; padding: 14px }
      .xterm-viewport { overflow: hidden !important }
      .scrollbar { display: none !important }</style><div id="screen"></div>`)
    for (const script of ['@xterm/xterm/lib/xterm.js', '@xterm/addon-webgl/lib/addon-webgl.js',
      '@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.js']) await page.addScriptTag({ content: source(script) })
    await page.exposeFunction('reply', (text) => screen.#pty.stdin.write(text, 'latin1'))
    await page.evaluate(setUp, [cols, rows, theme])
    screen.#run(`stty rows ${rows} cols ${cols}; exec ${command}`, env)
    return screen
  }

  #run(command, env) {
    this.#pty = spawn('script', ['-qefc', command, '/dev/null'], { env })
    this.#pty.stdin.on('error', () => {}) // the program may end before a reply reaches it
    this.#pty.on('exit', () => (this.#ended = true))
    this.#pty.stdout.on('data', (bytes) => {
      this.#outputs++
      this.#lastOutput = Date.now()
      this.#drawn = this.#drawn.then(() => this.#draw(bytes))
    })
  }

  #draw(bytes) {
    return this.#page.evaluate((base64) => new Promise((drawn) =>
      window.term.write(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)), drawn)), bytes.toString('base64'))
  }

  // outputs counts what the program has written so far.
  get outputs() {
    return this.#outputs
  }

  // lines are what the screen shows, as text.
  async lines() {
    await this.#drawn
    return this.#page.evaluate(() => {
      const { active } = window.term.buffer
      return Array.from({ length: window.term.rows }, (_, y) => active.getLine(active.viewportY + y)?.translateToString(true) ?? '')
    })
  }

  // until waits for a condition on the lines.
  async until(what, holds, { seconds = 15 } = {}) {
    for (const end = Date.now() + 1000 * seconds; ;) {
      const lines = await this.lines()
      if (holds(lines)) return
      if (this.#ended) throw new Error(`the program ended before ${what}:\n${lines.join('\n')}`)
      if (Date.now() > end) throw new Error(`${seconds} s passed without ${what}; the screen shows\n${lines.join('\n')}`)
      await new Promise((next) => setTimeout(next, 20))
    }
  }

  // rest waits until the program has drawn nothing for so many milliseconds.
  rest(ms) {
    return this.until(`${ms} ms of rest`, () => Date.now() - this.#lastOutput >= ms)
  }

  // press sends a key and waits for what the program draws in answer: the next
  // key is for that screen.
  async press(bytes) {
    const before = this.#outputs
    this.#pty.stdin.write(bytes)
    await this.until(`an answer to ${JSON.stringify(bytes)}`, () => this.#outputs > before)
    await this.rest(60)
  }

  // step sends a key that may change nothing on the screen, and waits until what
  // it has brought about is done.
  async step(bytes, ms) {
    this.#pty.stdin.write(bytes)
    await this.idle(ms)
  }

  // idle waits until for so many milliseconds the program has neither drawn nor
  // computed anything: none of its threads had anything to do.
  async idle(ms) {
    for (let since = Date.now(); !this.#ended && Date.now() - Math.max(since, this.#lastOutput) < ms;) {
      if (busy(this.#pty.pid)) since = Date.now()
      await new Promise((next) => setTimeout(next, 5))
    }
  }

  async save(path) {
    await this.#drawn
    await this.#page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))))
    await this.#page.locator('#screen').screenshot({ path })
  }

  async close() {
    this.#pty.kill()
    await this.#page.close()
  }
}
