// GraphiQL for the API that serves this page. Everything it needs is bundled: it works without internet.
import './workers.js';
import 'graphiql/style.css';
import './page.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

const ENDPOINT = '/graphql';
const DEFAULT_QUERY = '{ viewer { organisation { name } scopes } }';
const HEADERS_TEMPLATE = '{\n  "Authorization": "Bearer "\n}';

// A browser can refuse its storage (private windows, blocked site data); the page works without.
function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

const socket = new URL(ENDPOINT, location.href);
socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = createGraphiQLFetcher({
  url: ENDPOINT,
  // The headers typed in the page become the payload of `connection_init`, which is where the API wants the token.
  subscriptionUrl: socket.href,
  // The API has no `multipart/mixed`; without it, the fetcher asks for `application/graphql-response+json`.
  enableIncrementalDelivery: false,
});

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={DEFAULT_QUERY}
    // Headers hold a token, so they are kept in local storage only after "Persist headers" in the settings.
    defaultHeaders={stored('graphiql:headers') ?? HEADERS_TEMPLATE}
    shouldPersistHeaders={stored('graphiql:shouldPersistHeaders') === 'true'}
    showPersistHeadersSettings
    // No history plug-in: it writes the headers of every request to local storage, whatever the setting says.
    plugins={[]}
    isHeadersEditorEnabled
    defaultEditorToolsVisibility="headers"
  />,
);
