// Live updates: refreshes the page when something that it shows has changed.

import { config } from "@hotwired/turbo"
import { show } from "./morph.js"
import { notifies, notify } from "./news.js"
import { keepTyped } from "./typed.js"

/** Debounce in milliseconds: the files of a recording often arrive together. */
const DEBOUNCE = 120
/** Maximum random delay in milliseconds, so that many open pages do not refresh at the same moment. */
const JITTER = 80
/** Delay in milliseconds before reconnecting to `/events` after a refusal. */
const RETRY = 5_000
/** Timeout of the event stream in milliseconds. The server sends a `beat` event every 15 seconds. */
const TIMEOUT = 40_000

const html = document.documentElement

/** Whether an element of this page has this name in its `data-live`. */
const shows = (name) => document.querySelector(`[data-live~="${CSS.escape(name)}"]`) !== null

const concerns = {
  callback: () => shows("callbacks"),
  app: () => shows("apps"),
  room: ({ room }) => shows("rooms") || shows(`room:${encodeURIComponent(room)}`),
  recording: ({ id, room }) =>
    shows("recordings") || shows(`recording:${id}`) || shows(`room:${encodeURIComponent(room)}`),
}

// ---- Refreshing

let due
let earliest = 0
let isMissed = false
let renders = 0

addEventListener("turbo:render", () => renders++)
// The reader has followed a link to a whole page, which a reload would cancel.
let isLeaving = false
addEventListener("beforeunload", () => (isLeaving = true))
addEventListener("pageshow", () => (isLeaving = false))

export function refresh() {
  due ??= setTimeout(ask, Math.max(DEBOUNCE + Math.random() * JITTER, earliest - performance.now()))
}

// Uses `fetch` rather than a Turbo visit, which would drop the response to a form in progress and leave the page
// when the server does not answer.
async function ask() {
  due = undefined
  // A hidden page refreshes when it is shown again, unless it notifies.
  if (document.hidden && !notifies()) return (isMissed = true)
  const { href } = location
  const before = renders
  // The page stays in its app, whatever is opened in other windows.
  const headers = { accept: "text/html", "shown-app": html.dataset.app ?? "" }
  const answer = await fetch(href, { headers }).catch(() => undefined)
  const text = await answer?.text().catch(() => undefined)
  // The request failed. The page refreshes when the event stream reconnects.
  if (text === undefined || isLeaving) return
  wait(answer.headers)
  if (href !== location.href || before !== renders || answer.status >= 500) return refresh()
  if (answer.redirected) {
    // A form in progress, such as the choice of another app, navigates by itself.
    if (document.querySelector("[aria-busy=true]")) return refresh()
    keepTyped()
    return location.assign(answer.url)
  }
  const fresh = new DOMParser().parseFromString(text, "text/html")
  // The server runs another build, so this page needs other scripts.
  if (fresh.documentElement.dataset.build !== html.dataset.build) {
    keepTyped()
    return location.reload()
  }
  show(fresh)
  notify()
}

// The server limits how often a page refreshes: the more expensive its responses, the longer the pause.
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
// Keeps relative times ("2 min ago", "today") up to date.
setInterval(refresh, 60_000)

// ---- The event stream

let source
let last
let lastEventAt = 0
let isRefused = false

function connect() {
  source?.close()
  lastEventAt = Date.now()
  last ??= html.dataset.events ?? ""
  source = new EventSource(`/events?since=${encodeURIComponent(last)}`)
  source.onerror = disconnected
  for (const [kind, take] of Object.entries({ hello, change, resync: refresh, beat })) {
    source.addEventListener(kind, (event) => {
      lastEventAt = Date.now()
      if (event.lastEventId) last = event.lastEventId
      take(event.data)
    })
  }
}

function hello(build) {
  // The server runs another build: the next visit loads a whole page with the new scripts.
  if (build !== html.dataset.build) config.drive.enabled = false
  if (html.dataset.silent) refresh()
  isRefused = false
  setSilent()
}

function change(data) {
  const { type, ...what } = JSON.parse(data)
  // An unknown type of change may concern this page.
  if (concerns[type]?.(what) ?? true) refresh()
}

function beat(now) {
  html.dataset.skew = Number(now) - Date.now()
}

function disconnected() {
  setSilent(html.dataset.silent ?? new Date().toTimeString().slice(0, 5))
  if (source.readyState !== EventSource.CLOSED) return
  // Where the session has ended, the page leads to the sign-in at once.
  if (!isRefused) refresh()
  isRefused = true
  setTimeout(connect, RETRY)
}

/** Sets the time (hh:mm) at which the connection was lost; `undefined` while connected. */
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
  if (source && Date.now() - lastEventAt > TIMEOUT) {
    disconnected()
    connect()
  }
}, RETRY)
addEventListener("turbo:load", () => (source || !document.querySelector("[data-live]") ? undefined : connect()))
addEventListener("turbo:render", showSilence)
