# zones/
