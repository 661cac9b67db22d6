// The worker's script: it exposes the classes to which the JSON refers.

import { expose } from "gradstep/worker";
import { CustomModel } from "./model.mjs";

expose({ customObjects: { CustomModel } });
