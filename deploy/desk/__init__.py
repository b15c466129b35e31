"""What `deploy.try_topologies` is made of: compose.yaml read, parts started, questions asked. For a desk alone."""
