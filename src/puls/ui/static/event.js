// The page of one event: share and follow it.

import { markFollowed, offerActions } from "./actions.js";
import { withdrawMissing } from "./pictures.js";
import { Server } from "./server.js";

const server = new Server();
offerActions(document, { server });
markFollowed(document, server);
withdrawMissing(document);
