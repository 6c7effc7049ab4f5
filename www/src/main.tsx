import { render } from "preact";
import { App } from "./components/App.tsx";
import { startKeys } from "./keys.ts";
import { Viewer } from "./viewer.ts";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/list.css";
import "./styles/definition.css";
import "./styles/page.css";
import "./styles/diagram.css";
import "./styles/newer.css";
import "./styles/print.css";

/**
 * How long the first drawing waits, in milliseconds. It takes the main thread
 * for longer than the first answers take to come: drawn after them, it does not
 * hold up the module, and the list is there sooner.
 */
const headStart = 50;

const viewer = new Viewer(new URL("/", location.href));
viewer.start();
startKeys(viewer);
const root = document.getElementById("app");
if (root) setTimeout(() => render(<App viewer={viewer} />, root), headStart);
