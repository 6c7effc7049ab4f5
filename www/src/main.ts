import { initialize } from "ldapedge";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/list.css";
import "./styles/definition.css";
import "./styles/page.css";
import "./styles/diagram.css";
import "./styles/newer.css";
import "./styles/merge.css";
import "./styles/print.css";

// The module takes the longest: it is on its way before there is a page to show.
initialize();
const root = document.getElementById("app");
if (root) import("./page.tsx").then(({ start }) => start(root));
