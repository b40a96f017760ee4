// Frames: parts of a page that have an address of their own.

import { morphTurboFrameElements } from "@hotwired/turbo"

// Keeps the focus and what was typed.
addEventListener("turbo:before-frame-render", ({ detail }) => (detail.render = morphTurboFrameElements))

// Another page than the frame's, such as the sign-in after the end of the session, is shown as a whole.
addEventListener("turbo:frame-missing", (event) => {
  event.preventDefault()
  event.detail.visit(event.detail.response.url)
})
