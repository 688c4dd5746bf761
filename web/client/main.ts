import { render } from "lit";
import { sentence } from "./announce.ts";
import "./figure-place.ts";
import { begin, model, update, watch } from "./model.ts";
import { apply, onTheme } from "./theme.ts";
import { page } from "./views/page.ts";

const root = document.getElementById("page")!;
const live = document.getElementById("live")!;

let isDue = false;
/** At most once a frame, however much happens. */
function refresh(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    render(page(), root);
  });
}

/** Said once things have been quiet for a moment, so that nobody is talked over while dragging. */
let speaking: ReturnType<typeof setTimeout> | undefined;
function speak(): void {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const text = model.said || sentence();
    if (text !== "" && live.textContent !== text) live.textContent = text;
    model.said = "";
  }, 600);
}

apply();
root.replaceChildren();
render(page(), root);
watch(refresh);
watch(speak);
onTheme(refresh);
begin();
// What draws is large: it comes once the page is there.
void import("./drawing.ts").then((drawing) => update({ drawing }));
