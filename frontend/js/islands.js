// Islands: `<rust-island name="…" data-props="…">`. Whatever puts one into the page (the parser, Turbo, a
// morph) brings it to life; whatever takes it out ends it.

const folder = () => `/pkg/${document.documentElement.dataset.build}`

let wasm
const load = () =>
  (wasm ??= import(`${folder()}/reelroom.js`).then(async (module) => {
    const { memory } = await module.default({ module_or_path: `${folder()}/reelroom_bg.wasm` })
    // For the bench.
    globalThis.wasmBytes = () => memory.buffer.byteLength
    return module
  }))

class RustIsland extends HTMLElement {
  connectedCallback() {
    this.begin()
  }

  disconnectedCallback() {
    // A move puts it back at once.
    queueMicrotask(() => this.isConnected || this.finish())
  }

  async begin() {
    const module = await load()
    if (!this.isConnected || this.end) return
    module[this.getAttribute("name")](this)
    this.dataset.alive = ""
  }

  finish() {
    this.end?.()
    this.end = this.props = undefined
  }

  /** Takes the place of its newer version. `isSent`: what was typed has been sent, and the server answered. */
  renew(fresh, isSent) {
    const { props } = fresh.dataset
    if (!isSent && props === this.dataset.props) return
    if (this.props && !isSent) {
      this.props(props)
      this.dataset.props = props
      return
    }
    this.finish()
    delete this.dataset.alive
    this.dataset.props = props
    this.innerHTML = fresh.innerHTML
    this.begin()
  }
}
customElements.define("rust-island", RustIsland)
