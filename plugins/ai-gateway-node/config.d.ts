export interface Config {
  /** Self-service language models: read by the control plane and by the gateway. */
  aiGateway?: {
    gateway?: {
      /**
       * Where consumers reach the gateway, without `/v1`: `https://ai.example.com`. Shown in the portal's snippets.
       */
      publicUrl?: string;
      listen?: {
        /** The interface that the gateway listens on. Default: `127.0.0.1`. */
        host?: string;
        /** Default: 4000. */
        port?: number;
      };
      /** The largest request body, in bytes. Default: 20 MB (20,971,520). */
      maxRequestBytes?: number;
      /**
       * Processes that serve, on one port; `auto`: one for each core. More than one need a Redis, and have each a spool of its own below
       * `spool.directory`. Default: 1.
       */
      workers?: number | 'auto';
      /** Who may read `/metrics`. Without any of these there is none. */
      metrics?: {
        /** A listener for nothing else; whoever reaches it may read. */
        listen?: {
          /** Default: `127.0.0.1`. */
          host?: string;
          port: number;
        };
        /** On the port of the gateway: where the bearer token is found that readers send, `env://NAME`. */
        tokenRef?: string;
        /**
         * On the port of the gateway: whether everyone on this machine may read. A proxy on the same machine counts, unless it says by
         * `X-Forwarded-For` or `Forwarded` for whom it asks. Default: false.
         */
        allowLoopback?: boolean;
      };
      telemetry?: {
        /**
         * Where traces are sent, by OTLP over HTTP: `http://collector:4318`. Default: OpenTelemetry's own variables
         * (`OTEL_EXPORTER_OTLP_ENDPOINT`, …); without these nothing is traced.
         */
        otlpEndpoint?: string;
        /** The part of requests that is traced, from 0 to 1, of those whose clients do not say. Default: 1. */
        sampleRatio?: number;
        /** Whether providers are told of the trace, by `traceparent`. Default: true. */
        propagate?: boolean;
      };
      /** From when on new requests are refused with 503. For each process. */
      overload?: {
        /** Requests under way at a time, streams included. Default: 4000. */
        maxRequests?: number;
        /** Bytes of bodies in memory, of all requests together. Default: 512 MB. */
        maxBufferedBytes?: number;
        /** Resident memory, in bytes. Default: 85% of what the machine or the container has. */
        maxMemoryBytes?: number;
        /** How late the event loop may be, on the average of a quarter of a second. Default: 500. */
        maxEventLoopLagMs?: number;
      };
      /** Where gateways count limits and budgets together. Without it, a gateway counts in its own process: right for one. */
      redis?: {
        /**
         * `redis://[user:password@]host:port`, or `rediss://…` for TLS.
         * @visibility secret
         */
        url?: string;
        /** Where the address is found, in place of `url`: `env://NAME`. */
        secretRef?: string;
        /** Whether it is one node of a Redis Cluster. Default: false. */
        cluster?: boolean;
      };
      spool?: {
        /** Where usage is kept until the database has it. Must survive restarts. Default: `.data/gateway/spool`. */
        directory?: string;
        /**
         * What the end of an answer waits for: `always` – its usage is synced to the disk, and outlasts a loss of power; `interval` – the
         * operating system has it, and it outlasts the end of the process, `kill -9` too. The disk has it within 50 ms if it keeps up. Default: `always`.
         */
        sync?: 'always' | 'interval';
      };
      drain?: {
        /**
         * How long a gateway that is told to end serves on while `/readyz` already says so, for load balancers to notice. Longer than they
         * take to; 0 where nobody asks. Default: 5000.
         */
        announceMs?: number;
        /** How long requests under way then have to finish; what is not over by then is broken off, and booked. Default: 15000. */
        timeoutMs?: number;
      };
      /** What becomes of an answer whose client has hung up, at providers whose `onClientAbort` is `drain`. */
      clientAbort?: {
        /** How long the provider may go on, so that it tells the exact usage; 0 for not at all. Default: 15000. */
        drainMs?: number;
        /** How much of a stream is still read. Default: 8 MB (8,388,608). */
        drainBytes?: number;
      };
      client?: {
        /** How often a client that waits for a stream gets a comment, so that nothing between takes it for dead. Default: 15000. */
        keepAliveMs?: number;
      };
      upstream?: {
        /** How long connecting to a provider may take. Default: 5000. */
        connectTimeoutMs?: number;
        /** How long a provider may take to the head of its answer. Default: 120000. */
        firstByteTimeoutMs?: number;
        /** How long a provider may take to the first content of a stream. A model may have its own. Default: 120000. */
        firstTokenTimeoutMs?: number;
        /** How long a provider may pause within an answer. Default: 60000. */
        idleTimeoutMs?: number;
        /** How long an answer may take as a whole. Default: 1800000. */
        totalTimeoutMs?: number;
      };
    };
    /** What was asked and answered, kept apart from what is billed: written by gateways, pruned by the control plane. */
    requestLogs?: {
      /** Where records are kept: `postgresql` (default) or `clickhouse`. */
      store?: 'postgresql' | 'clickhouse';
      clickhouse?: {
        /** `https://clickhouse.example.com:8443`, without a user or a password in it. */
        url: string;
        /** Default: `ai_gateway`. */
        database?: string;
        /** Where the user's name is found: `env://NAME`. Default: the user `default`. */
        usernameRef?: string;
        /** Where the password is found: `env://NAME`. */
        passwordRef?: string;
      };
      /**
       * How much of bodies is kept where no policy says otherwise: nothing (`off`, the default), how long they were (`metadata`), or their
       * text as well (`full`).
       */
      capture?: 'off' | 'metadata' | 'full' | false;
      /** The most bytes of one body that are kept: from 1 to 1,048,576. Default: 65,536. */
      captureMaxBytes?: number;
      /** For how many days records are kept. Default: 30. */
      retentionDays?: number;
    };
    keys?: {
      /** Secrets under which API keys are digested, newest first. */
      peppers?: Array<{
        version: number;
        /** Where the pepper is found: `env://NAME`. */
        secretRef: string;
      }>;
    };
    secrets?: {
      /**
       * Environment variables that providers may name as their secret; `*` stands for any characters.
       * Default: `*_API_KEY`.
       */
      allowedEnvironment?: string[];
    };
    network?: {
      /** Whether providers may be at loopback or private addresses. Default: false. */
      allowPrivateAddresses?: boolean;
    };
  };
}
