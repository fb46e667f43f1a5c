// What each picture shows. A scene is a size, a command and steps:
//
//   { see: TEXT }              wait until the screen shows TEXT
//   { keys: 'a b' }            press keys, one after the other
//   { keys: 'j', until: /re/ } press them again and again until a line matches
//   { shot: FILE }             save the screen once it has come to rest
//   { film: FILE, step, to: TEXT }   make a GIF: let time pass by steps (the program's --step), each
//                              shown for so many ms, until the screen shows TEXT;
//                              also: { PATTERN: FILE } saves a picture on the way
//
// theme is the terminal's: dark, unless it says light. env is added to the
// program's environment.
//
// The clock stands still and the seed is fixed, so that a picture changes only
// when the program does. In a film time passes by steps alone, so that its frames
// and how long each stands are the program's too, and not the machine's. All orgs are refreshed
// at once (-j 30) there, because which of those in the queue is next is left to chance.
const demo = 'orgkeep demo --clock 2026-11-23T09:00:00Z --seed 1'
const usual = { cols: 120, rows: 30, command: demo }

// failed refreshes globex, whose refresh token has lapsed.
const failed = [
  { see: 'acme-prod' },
  { keys: 'j', until: /▌.*globex/ },
  { keys: 'r' },
  { see: 'globex: HTTP 400 invalid_grant' },
]
const main = [...failed, { keys: 'g' }, { see: 'all stale' }]

export const scenes = {
  main: { ...usual, steps: [...main, { shot: 'main.png' }] },
  light: { ...usual, theme: 'light', steps: [...main, { shot: 'light.png' }] },
  narrow: { ...usual, cols: 80, rows: 24, steps: [...main, { shot: 'narrow.png' }] },
  failure: { ...usual, steps: [...failed, { keys: 'enter' }, { see: 'esc close' }, { shot: 'failure.png' }] },
  token: {
    ...usual,
    steps: [{ see: 'acme-prod' }, { keys: 'j', until: /▌.*acme-prod/ }, { keys: '2' }, { see: 'sha-256' }, { keys: 'enter' }, { see: 'esc close' }, { shot: 'token.png' }],
  },
  groups: { ...usual, steps: [{ see: 'acme-prod' }, { keys: 'o' }, { see: 'grouped by tag' }, { shot: 'groups.png' }] },
  palette: { ...usual, steps: [{ see: 'acme-prod' }, { keys: ':' }, { see: 'Commands and orgs' }, { keys: 'c o p' }, { shot: 'palette.png' }] },
  help: { ...usual, steps: [{ see: 'acme-prod' }, { keys: '?' }, { see: 'Off now' }, { shot: 'help.png' }] },
  refreshing: {
    ...usual,
    command: `${demo} --scenario expired -j 30 --speed 0.2 --step 200ms`,
    steps: [
      { see: 'aperture' }, { keys: 'R' },
      { film: 'refreshing.gif', step: 200, to: 'of 30 refreshed in', also: { '(1[2-9]|2[0-3]) of 30, ': 'refreshing.png' } },
      { shot: 'refreshed.png' },
    ],
  },
  signin: {
    ...usual,
    command: `sh -c 'cd "$(mktemp -d)" && HOME=$PWD && export HOME && printf %s "$TOKENS" | orgkeep import --alias acme --client-id PlatformCLI - >/dev/null && exec orgkeep'`,
    env: {
      ORGKEEP_STORE: 'vault', ORGKEEP_PASSPHRASE: 'correct horse battery',
      TOKENS: JSON.stringify({
        access_token: '00Dxx0000001gPF!AQ~made~up', refresh_token: '5Aep8.made.up', instance_url: 'https://acme.my.salesforce.com',
        id: 'https://login.salesforce.com/id/00Dxx0000001gPFEAY/005xx000001SwiUAAS',
      }),
    },
    steps: [
      { see: 'acme' }, { keys: 'l' }, { see: 'Sign in' },
      { keys: '3MVG9.acme.portal tab tab acme-uat tab \x15 https://acme--uat.sandbox.my.salesforce.com' }, // \x15 empties the host
      { see: 'acme--uat' }, { shot: 'sign-in.png' },
    ],
  },
  compare: {
    ...usual,
    steps: [{ see: 'acme-prod' }, { keys: 'j', until: /▌.*acme-uat/ }, { keys: 'space' }, { keys: 'j', until: /▌.*acme-prod/ }, { keys: 'space =' }, { see: 'side by side' }, { shot: 'compare.png' }],
  },
  tour: {
    ...usual,
    command: `${demo} --tour -j 30 --speed 3 --step 200ms`,
    steps: [{ see: '1 of 5' }, { keys: 'n' }, { see: '2 of 5' }, { keys: 'n' }, { see: '3 of 5' }, { film: 'tour.gif', step: 200, to: 'y copies all this' }],
  },
  colourless: { ...usual, env: { NO_COLOR: '1' }, steps: [...main, { shot: 'no-colour.png' }] },
}
