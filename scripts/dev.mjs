// Builds the site and the server, starts the server, and repeats both when a source changes.
// `node scripts/dev.mjs <server binary> [arguments of the server]`, from the project's folder.
import { spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'

const [program, ...args] = process.argv.slice(2)
const WATCHED = ['app', 'crates', 'frontend', 'migrations', 'server', 'style', 'Cargo.toml']
const STEPS = [
  ['cargo', ['run', '--quiet', '-p', 'xtask', '--', 'site']],
  ['cargo', ['build', '--quiet', '-p', 'reelroom']],
]

let server
let busy = false
let again = false

const say = (text) => console.error(`\x1b[1m==>\x1b[0m ${text}`)

/** Runs a command to its end; whether it worked. */
const run = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit' })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })

const stop = () =>
  new Promise((resolve) => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return resolve()
    server.once('exit', resolve)
    server.kill('SIGTERM')
  })

async function build() {
  if (busy) {
    again = true
    return
  }
  busy = true
  do {
    again = false
    const begin = Date.now()
    let good = true
    for (const [command, args] of STEPS) good &&= await run(command, args)
    if (again) continue
    if (!good) {
      say('The build failed; the former server keeps running. Waiting for a change.')
      continue
    }
    await stop()
    say(`Built in ${((Date.now() - begin) / 1000).toFixed(1)} s`)
    server = spawn(program, ['serve', ...args], { stdio: 'inherit' })
  } while (again)
  busy = false
}

let timer
const changed = (_, name) => {
  // Editors leave files of their own while they save.
  if (name && /(^|\/)(\.|#)|~$|\.(swp|tmp)$|\.snap\.new$/.test(name)) return
  clearTimeout(timer)
  timer = setTimeout(build, 150)
}
for (const path of WATCHED.filter(existsSync)) watch(path, { recursive: true }, changed)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await stop()
    process.exit(0)
  })
}
await build()
