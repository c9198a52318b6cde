/** Tells what happens in the emulated Webex: by its event stream, and where that breaks by asking again and again. */

const POLL_MS = 4000;

/** `told({resource, event, id, roomId?})` for every event; `missed()` when events may have been lost. */
export function listen(told, missed) {
  let timer;
  let lost = false;
  const source = new EventSource('/_emulator/stream');
  const poll = () => {
    missed();
    timer = setTimeout(poll, POLL_MS);
  };
  source.onmessage = (event) => { told(JSON.parse(event.data)); };
  source.onerror = () => {
    lost = true;
    if (timer === undefined) timer = setTimeout(poll, POLL_MS);
  };
  source.onopen = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lost) missed();
    lost = false;
  };
}
