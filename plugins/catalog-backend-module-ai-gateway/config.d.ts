export interface Config {
  aiGateway?: {
    catalog?: {
      /** Entity reference of who owns the gateway's Component and API: `group:default/platform`. Default: `unknown`. */
      owner?: string;
      /** Entity reference of the System that the models and the gateway belong to. Default: none. */
      system?: string;
    };
  };
}
