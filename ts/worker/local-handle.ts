/**
 * The service on the calling thread, when no worker can be started.
 *
 * @module
 */

import { type Endpoint, messageChannel, type WorkerHandle } from "./hosts/endpoint.js";
import { serve } from "./service.js";

/** A service that shares this thread. */
export function localHandle(): WorkerHandle {
  const { port1, port2 } = messageChannel();
  serve(port2 as unknown as Endpoint, { holdsLock: false });
  const nothing = () => {};
  return {
    endpoint: port1 as unknown as Endpoint,
    watch: nothing,
    hold: nothing,
    async terminate() {
      port1.close();
      port2.close();
    },
  };
}
