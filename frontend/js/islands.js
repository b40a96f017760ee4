// Islands: `<rust-island name="…" data-props="…">`. An island hydrates when its element enters the page (by
// the parser, Turbo or a morph) and is dropped when the element leaves.

const folder = () => `/pkg/${document.documentElement.dataset.build}`

let wasm
const load = () =>
  (wasm ??= import(`${folder()}/reelroom.js`).then(async (module) => {
    const { memory } = await module.default({ module_or_path: `${folder()}/reelroom_bg.wasm` })
    // For the benchmark.
    globalThis.wasmBytes = () => memory.buffer.byteLength
    return module
  }))

class RustIsland extends HTMLElement {
  connectedCallback() {
    this.begin()
  }

  disconnectedCallback() {
    // A moved element is reconnected at once, and the island stays.
    queueMicrotask(() => this.isConnected || this.finish())
  }

  async begin() {
    const module = await load()
    const name = this.getAttribute("name")
    if (!this.isConnected || this.end || !name) return
    module[name](this)
    this.dataset.alive = ""
  }

  finish() {
    this.end?.()
    this.end = this.props = undefined
  }

  /** Updates to a newer version. `isSent`: the server has answered the form with these values. */
  renew(fresh, isSent) {
    const { props } = fresh.dataset
    // A morph creates a new element empty.
    if (!this.hasAttribute("name")) this.setAttribute("name", fresh.getAttribute("name"))
    else if (!isSent && props === this.dataset.props) return
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
