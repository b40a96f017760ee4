// Live changes: the page is asked for again when something that it shows has changed.

import { config } from "@hotwired/turbo"
import { show } from "./morph.js"
import { keepTyped } from "./typed.js"

/** Changes that come within so many milliseconds are one: a recording's files often come together. */
const GATHER = 120
/** Added by chance, so that many open pages do not ask in the same moment. */
const JITTER = 80
/** How long to wait before `/events` is asked again after a refusal. */
const RETRY = 5_000
/** The server says every 15 seconds that it lives; a stream that is silent for so long is broken. */
const DEAD = 40_000

const html = document.documentElement

/** Names in `data-live` of what the elements of this page show. */
const shows = (name) => document.querySelector(`[data-live~="${CSS.escape(name)}"]`) !== null

const concerns = {
  callback: () => shows("callbacks"),
  apps: () => shows("apps"),
  room: ({ room }) => shows("rooms") || shows(`room:${encodeURIComponent(room)}`),
  recording: ({ id, room }) =>
    shows("recordings") || shows(`recording:${id}`) || shows(`room:${encodeURIComponent(room)}`),
}

// ---- Asking again

let due
let earliest = 0
let isMissed = false
let renders = 0

addEventListener("turbo:render", () => renders++)

export function refresh() {
  due ??= setTimeout(ask, Math.max(GATHER + Math.random() * JITTER, earliest - performance.now()))
}

// Not a visit of Turbo: that would break off a form that is on its way, and leave the page where the
// server does not answer.
async function ask() {
  due = undefined
  // Hidden pages ask when they are shown again.
  if (document.hidden) return (isMissed = true)
  const { href } = location
  const before = renders
  const answer = await fetch(href, { headers: { accept: "text/html" } }).catch(() => undefined)
  const text = await answer?.text().catch(() => undefined)
  // Nothing came: the stream is silent too, and asks again once it is heard.
  if (text === undefined) return
  wait(answer.headers)
  if (href !== location.href || before !== renders || answer.status >= 500) return refresh()
  if (answer.redirected) {
    keepTyped()
    return location.assign(answer.url)
  }
  const fresh = new DOMParser().parseFromString(text, "text/html")
  // The server is of another build: so are its scripts.
  if (fresh.documentElement.dataset.build !== html.dataset.build) {
    keepTyped()
    return location.reload()
  }
  show(fresh)
}

// How soon it may be asked again is the server's to say: the more its answers cost, the later.
function wait(headers) {
  const pause = Number(headers.get("refresh-after"))
  if (pause) earliest = performance.now() + pause
}
addEventListener("turbo:before-fetch-response", ({ detail }) => wait(detail.fetchResponse.response.headers))
addEventListener("visibilitychange", () => {
  if (!document.hidden && isMissed) {
    isMissed = false
    refresh()
  }
})
// "2 min ago" and "today" stay true.
setInterval(refresh, 60_000)

// ---- The stream

let source
let last
let heardAt = 0

function connect() {
  source?.close()
  heardAt = Date.now()
  last ??= html.dataset.events ?? ""
  source = new EventSource(`/events?since=${encodeURIComponent(last)}`)
  source.onerror = lost
  for (const [kind, take] of Object.entries({ hello, change, resync: refresh, beat })) {
    source.addEventListener(kind, (event) => {
      heardAt = Date.now()
      if (event.lastEventId) last = event.lastEventId
      take(event.data)
    })
  }
}

function hello(build) {
  // The scripts of this page are of a build that is gone: the next visit loads the page anew.
  if (build !== html.dataset.build) config.drive.enabled = false
  if (html.dataset.silent) refresh()
  setSilent()
}

function change(data) {
  const { type, ...what } = JSON.parse(data)
  // A change that this build does not know may be anything.
  if (concerns[type]?.(what) ?? true) refresh()
}

function beat(now) {
  html.dataset.skew = Number(now) - Date.now()
}

function lost() {
  setSilent(html.dataset.silent ?? new Date().toTimeString().slice(0, 5))
  if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY)
}

/** Since when the server is not heard, as a clock shows it; nothing while it is. */
function setSilent(since) {
  if (since) html.dataset.silent = since
  else delete html.dataset.silent
  showSilence()
}

function showSilence() {
  const { silent } = html.dataset
  for (const note of document.querySelectorAll("[data-silence]")) {
    note.hidden = !silent === (note.dataset.silence === "shown")
    const time = note.querySelector("[data-silent-since]")
    if (silent && time) time.textContent = silent
  }
}

setInterval(() => {
  if (source && Date.now() - heardAt > DEAD) {
    lost()
    connect()
  }
}, RETRY)
addEventListener("turbo:load", () => (source || !document.querySelector("[data-live]") ? undefined : connect()))
addEventListener("turbo:render", showSilence)
