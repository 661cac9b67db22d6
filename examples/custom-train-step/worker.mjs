// The worker's script: it names the classes that arrive in JSON.

import { expose } from "gradstep/worker";
import { CustomModel } from "./model.mjs";

expose({ customObjects: { CustomModel } });
