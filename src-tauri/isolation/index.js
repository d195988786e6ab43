// Every message from a screen to the program passes here, out of reach of anything else the screen has loaded.
// Only commands with a plain name, of the program itself, of Tauri's event listening or for larger words, go on as they
// are; anything else goes on as a command that does not exist, so that it is refused rather than left without an answer. What each
// window may ask beyond that is its capability's to say.
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  const plain = /^(?:[a-z_]{1,64}|plugin:event\|(?:listen|unlisten)|plugin:webview\|set_webview_zoom)$/.test(payload.cmd);
  return plain ? payload : { ...payload, cmd: 'not_allowed', payload: {} };
};
