export interface Config {
  app?: {
    /** Signing in without a password, in development only: the backend does not know of it elsewhere. */
    demoSignIn?: {
      /** @visibility frontend */
      users?: Array<{
        /**
         * Entity reference of a user in the catalog.
         * @visibility frontend
         */
        ref: string;
        /** @visibility frontend */
        name: string;
        /** @visibility frontend */
        role: string;
      }>;
    };
  };
  aiGateway?: {
    permissions?: {
      /** Users or groups who run the platform: they manage providers, models, prices and projects. */
      admins?: string[];
    };
  };
}
