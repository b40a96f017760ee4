// `<media-player file="…">` around a `<video>` and the links to everything else that can be played. A link
// visits the same page with another `file` and video source. Playback continues at the same wall-clock time
// (`data-start` is when the file begins), the keys work anywhere on the page, and the pictures of the filmstrip
// (`data-at`) seek.

import { mayAct } from "./keys.js"

/** Seconds of one frame, at the usual 25 frames a second: browsers do not report the frame rate. */
const FRAME = 0.04

const move = (media, seconds) => (media.currentTime = Math.max(0, media.currentTime + seconds))
const step = (media, seconds) => {
  media.pause()
  move(media, seconds)
}
// Errors of the file are shown by its own event, and a browser may refuse to play sound unasked.
const play = (media) => media.play().catch(() => {})
const playOrPause = (media) => (media.paused ? play(media) : media.pause())
const enlarge = (media) => (document.fullscreenElement ? document.exitFullscreen() : media.requestFullscreen().catch(() => {}))

const held = {
  ArrowLeft: (media, { shiftKey }) => move(media, shiftKey ? -30 : -5),
  ArrowRight: (media, { shiftKey }) => move(media, shiftKey ? 30 : 5),
  ",": (media) => step(media, -FRAME),
  ".": (media) => step(media, FRAME),
}
const once = { " ": playOrPause, m: (media) => (media.muted = !media.muted), f: enlarge }

class MediaPlayer extends HTMLElement {
  static observedAttributes = ["file"]

  connectedCallback() {
    document.addEventListener("keydown", this)
    this.addEventListener("click", this)
    // Errors of the video do not bubble, and it may have failed before.
    this.addEventListener("error", this, true)
    this.warn()
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this)
  }

  get media() {
    return this.querySelector("video")
  }

  attributeChangedCallback(_, before) {
    if (before === null) return
    if (this.media) {
      const { currentTime, paused, playbackRate, muted, dataset } = this.media
      this.left = { currentTime, paused, playbackRate, muted, start: dataset.start }
    }
    // The new source is available after the whole page is updated.
    queueMicrotask(() => this.goOn())
  }

  goOn() {
    this.warn()
    const { media, left } = this
    if (!media || !left) return
    // Where one start time is unknown, assumes that both are equal.
    const later = (Number(media.dataset.start ?? left.start) - Number(left.start ?? media.dataset.start)) / 1000
    media.currentTime = Math.max(0, left.currentTime - (later || 0))
    media.playbackRate = left.playbackRate
    media.muted = left.muted
    if (!left.paused) play(media)
  }

  /** Says that the file cannot be played, if so. */
  warn() {
    const warning = this.querySelector(".failed")
    if (warning) warning.hidden = !this.media?.error
  }

  handleEvent(event) {
    if (event.type === "error") this.warn()
    else if (event.type === "click") this.seek(event)
    else this.press(event)
  }

  /** Goes to the picture of the filmstrip that is clicked, whose link does the same by a visit. */
  seek(event) {
    const picture = event.target.closest("[data-at]")
    if (!picture || !this.media || event.ctrlKey || event.metaKey || event.shiftKey) return
    this.media.currentTime = Number(picture.dataset.at) / 1000
    event.preventDefault()
  }

  press(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const act = held[key] ?? (event.repeat ? undefined : once[key])
    // Space activates the focused control.
    const presses = key === " " && document.activeElement?.matches("button, summary, input")
    if (!act || !this.media || presses || !mayAct(event)) return
    act(this.media, event)
    event.preventDefault()
  }
}
customElements.define("media-player", MediaPlayer)
