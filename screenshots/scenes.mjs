// What each picture shows. A scene is a size, a command and steps:
//
//   { see: TEXT }              wait until the screen shows TEXT
//   { keys: 'a b' }            press keys, one after the other
//   { keys: 'j', until: /re/ } press them again and again until a line matches
//   { shot: FILE }             save the screen once it has come to rest
//
// The clock stands still and the seed is fixed, so that a picture changes only
// when the program does.
const demo = 'orgkeep demo --clock 2026-11-23T09:00:00Z --seed 1'

export const scenes = {
  main: {
    cols: 120,
    rows: 30,
    command: demo,
    steps: [
      { see: 'acme-prod' },
      { keys: 'j', until: /▌.*globex/ },
      { keys: 'r' },
      { see: 'The endpoint said' },
      { see: 'expired access/refresh token' },
      { keys: 'g' },
      { see: 'refresh all stale' },
      { shot: 'main.png' },
    ],
  },
}
